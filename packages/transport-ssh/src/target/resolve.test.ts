import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { askOpenSsh, createPerson } from "../../test/configured-person.ts";
import { makeLeaseKey } from "../keys/lease-key.ts";
import { resolveTarget } from "./resolve.ts";
import type { SshMachine } from "./target.ts";

const me = userInfo().username;
const key = "  HostName 127.0.0.1\n  Port 2222\n  User trainer\n  IdentityFile /keys/of-%n\n";

describe.concurrent("the target of your own machine", () => {
  it.for<[string, Readonly<Record<string, string>>, Omit<SshMachine, "connectionKind">]>([
    [
      "Include with a glob",
      { config: "Include conf.d/*\n", "conf.d/b": `Host box\n${key}`, "conf.d/.a": "User no\n" },
      { host: "box" },
    ],
    [
      "Include with quotes",
      { config: 'Include "conf.d/my hosts"\n', "conf.d/my hosts": `Host box\n${key}` },
      { host: "box" },
    ],
    [
      "a nested Include",
      { config: "Include conf.d/a\n", "conf.d/a": "Include conf.d/b\n", "conf.d/b": `Host box\n${key}` },
      { host: "box" },
    ],
    [
      "an Include within a block",
      {
        config: "Host other\n  Include conf.d/a\nHost *\n  IdentityFile /keys/last\n",
        "conf.d/a": `Host box\n${key}`,
      },
      { host: "box" },
    ],
    ["a pattern", { config: `Host gpu-* !gpu-old\n${key}Host *\n  User last\n` }, { host: "gpu-7" }],
    [
      "a negated pattern",
      { config: `Host gpu-* !gpu-old\n${key}Host *\n  User last\n  IdentityFile /keys/last\n` },
      { host: "gpu-old" },
    ],
    ["Match host", { config: `Host box\n  HostName real\nMatch host real\n${key}` }, { host: "box" }],
    ["Match originalhost", { config: `Match originalhost box\n${key}` }, { host: "box" }],
    [
      "Match user",
      { config: `Match user trainer\n  IdentityFile /keys/a\nMatch user ${me}\n  IdentityFile /keys/b\n` },
      { host: "box", user: "trainer" },
    ],
    [
      "Match localuser",
      {
        config: `Match localuser ${me}\n  IdentityFile /keys/a\nMatch localuser trainer\n  IdentityFile /keys/b\n`,
      },
      { host: "box", user: "trainer" },
    ],
    ["what was given", { config: `Host box\n${key}` }, { host: "box", user: "me", port: 7 }],
    [
      "tokens",
      {
        config: `Host box\n  HostName %h.lab\n  HostKeyAlias al\n${"hnpruiklLC"
          .split("")
          .map((token) => `  IdentityFile /keys/%%-%${token}\n`)
          .join("")}`,
      },
      { host: "box", user: "u" },
    ],
    ["variables", { config: `IdentityFile \${KEYS}/a\nIdentityFile /b\n` }, { host: "box" }],
  ])("is resolved as ssh does it: %s", async ([, files, machine], { expect, onTestFinished }) => {
    const person = await createPerson(files, onTestFinished);
    const expected = await askOpenSsh(person.home, machine, person.environment.env);
    const picked = ({ host, port, user, keys }: Awaited<ReturnType<typeof person.resolve>>) => ({
      host,
      port,
      user,
      files: keys.files.map(({ path }) => path),
    });
    expect(expected.files.length).toBeGreaterThan(0);
    expect(picked(await person.resolve(machine))).toEqual(expected);
    // Without ssh, our own parser returns the same result.
    expect(
      picked(await person.resolve(machine, { env: { ...person.environment.env, PATH: "/nowhere" } })),
    ).toEqual(expected);
  });

  it.for([
    ["Match exec", 'Match exec "test %n = box"\n'],
    ["Match final", "Match final host box\n"],
    ["Match canonical", "CanonicalizeHostname always\nMatch canonical\n"],
  ])("is resolved by ssh where only ssh can: %s", async ([, head], { expect, onTestFinished }) => {
    const person = await createPerson(
      { config: `${head}  User trainer\n  Port 77\n  IdentityFile /keys/a\n` },
      onTestFinished,
    );
    const { files, ...expected } = await askOpenSsh(person.home, { host: "box" }, person.environment.env);
    expect(expected).toMatchObject({ port: 77, user: "trainer" });
    const target = await person.resolve({ host: "box" });
    expect(target).toMatchObject(expected);
    expect(target.keys.files.map(({ path }) => path)).toEqual(files);
  });

  it("distinguishes default keys, configured keys and none", async ({ expect, onTestFinished }) => {
    const config = "Host none\n  IdentityFile none\nHost own\n  IdentityFile ~/.ssh/id_ed25519\n";
    const person = await createPerson({ config }, onTestFinished);
    const userKey = join(person.home, ".ssh/id_ed25519");
    for (const PATH of [process.env.PATH, "/nowhere"]) {
      const change = { env: { ...person.environment.env, PATH } };
      expect((await person.resolve({ host: "any" }, change)).keys.files[0]).toEqual({
        path: userKey,
        isNamed: false,
      });
      expect((await person.resolve({ host: "none" }, change)).keys.files).toEqual([]);
      expect((await person.resolve({ host: "own" }, change)).keys.files).toEqual([
        { path: userKey, isNamed: true },
      ]);
    }
  });

  it("parses lists of known_hosts files, also with spaces in their names", async ({
    expect,
    onTestFinished,
  }) => {
    const config = 'UserKnownHostsFile "~/known 1" ~/.ssh/k-%h /etc/none\nGlobalKnownHostsFile none\n';
    const person = await createPerson({ config }, onTestFinished);
    await writeFile(join(person.home, "known 1"), "");
    expect((await person.resolve({ host: "box" })).trust.knownHostsFiles).toEqual([
      join(person.home, "known 1"),
      join(person.home, ".ssh/k-box"),
      "/etc/none",
    ]);
  });

  it("uses jump hosts as ssh does: the first by its own settings, the others through the one before", async ({
    expect,
    onTestFinished,
  }) => {
    const config = `Host box\n  ProxyJump me@b:22,[::1]:33\nHost b\n  HostName %h.lab\n  ProxyJump a\nHost a\n  ProxyCommand relay %h %p %n %%\nHost ::1\n  ProxyCommand never\n`;
    const person = await createPerson({ config }, onTestFinished);
    for (const PATH of [process.env.PATH, "/nowhere"]) {
      const { jumps, proxyCommand } = await person.resolve(
        { host: "box" },
        { env: { ...person.environment.env, PATH } },
      );
      expect(jumps).toMatchObject([
        { host: "a", proxyCommand: "relay a 22 a %" },
        { host: "b.lab", user: "me" },
        { host: "::1", port: 33 },
      ]);
      expect([jumps[1]?.proxyCommand, jumps[2]?.proxyCommand, proxyCommand]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
    const loop = await createPerson({ config: "Host *\n  ProxyJump other\n" }, onTestFinished);
    await expect(loop.resolve({ host: "box" })).rejects.toThrow("jumphost loop via other");
    await expect(loop.resolve({ host: "box" }, { env: { PATH: "/nowhere" } })).rejects.toMatchObject({
      hint: expect.stringContaining("through itself"),
    });
  });

  it("reports an undefined variable, and a line that ssh refuses", async ({ expect, onTestFinished }) => {
    const variable = await createPerson({ config: `IdentityFile \${NOT_SET}/a\n` }, onTestFinished);
    await expect(variable.resolve({ host: "box" })).rejects.toMatchObject({
      message: expect.stringContaining("NOT_SET"),
    });
    const broken = await createPerson({ config: "Nonsense yes\n" }, onTestFinished);
    await expect(broken.resolve({ host: "box" })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringMatching(
        /ssh cannot read its configuration for box: .*config.*bad configuration options/i,
      ),
    });
  });

  it("can be cancelled while a program of the configuration hangs, which is ended too", async ({
    expect,
    onTestFinished,
  }) => {
    const person = await createPerson({}, onTestFinished);
    const pidFile = join(person.home, "pid");
    await writeFile(join(person.home, ".ssh/config"), `Match exec "echo $$ >${pidFile}; exec sleep 600"\n`);
    const ending = new AbortController();
    const resolving = person.resolve({ host: "box" }, {}, ending.signal);
    resolving.catch(() => {});
    await expect.poll(() => existsSync(pidFile), { timeout: 8_000 }).toBe(true);
    ending.abort();
    await expect(resolving).rejects.toThrow();
    const pid = Number(await readFile(pidFile, "utf8"));
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 8_000 }).toBe(false);
  });

  it("has a timeout", async ({ expect, onTestFinished }) => {
    const person = await createPerson({ config: 'Match exec "sleep 600"\n' }, onTestFinished);
    await expect(person.resolve({ host: "box" }, { askSshTimeoutMs: 300 })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringContaining("did not answer within 0.3 s"),
      hint: expect.stringContaining("Match exec"),
    });
  });

  it("can use an agent that the configuration names by a variable", async ({ expect, onTestFinished }) => {
    const config =
      "Host box\n  IdentityAgent $KEYS\nHost none\n  IdentityAgent $NOT_SET\nHost own\n  IdentityAgent SSH_AUTH_SOCK\n";
    const person = await createPerson({ config }, onTestFinished);
    const resolveAgent = async (host: string) =>
      (await person.resolve({ host }, { agent: "/agent" })).keys.agent;
    expect(await resolveAgent("box")).toBe(join(person.home, "keys"));
    expect([await resolveAgent("none"), await resolveAgent("own"), await resolveAgent("any")]).toEqual([
      undefined,
      "/agent",
      "/agent",
    ]);
  });

  it("runs ssh once per lease, and never for a rented machine or where there is none", async ({
    expect,
    onTestFinished,
  }) => {
    const person = await createPerson({}, onTestFinished);
    const trace = join(person.home, "trace");
    const config = join(person.home, ".ssh/config");
    await writeFile(config, `Match exec "echo run >>${trace}"\n  User trainer\n`);
    const context = { folder: join(person.home, "lease"), signal: new AbortController().signal };
    const { environment } = person;
    const machine = { connectionKind: "ssh", host: "box" } as const;
    await makeLeaseKey(context.folder);
    await resolveTarget({ ...machine, trust: "lease" }, context, {}, environment);
    await person.resolve({ host: "box" }, { env: { PATH: "/nowhere" } });
    expect(existsSync(trace)).toBe(false);
    expect(await resolveTarget(machine, context, {}, environment)).toMatchObject({ user: "trainer" });
    expect(await readFile(trace, "utf8")).toBe("run\n");
    await writeFile(config, "User other\nNonsense yes\n");
    expect(await resolveTarget(machine, context, {}, environment)).toMatchObject({
      user: "trainer",
      host: "box",
    });
  });
});
