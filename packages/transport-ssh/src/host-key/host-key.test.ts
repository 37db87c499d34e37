import { execFile, execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import { createKey, readPublicKey } from "../../test/keys.ts";
import { testServer } from "../../test/test-server.ts";
import { makeLeaseKey } from "../keys/lease-key.ts";
import { createSsh } from "../ssh.ts";

const run = promisify(execFile);

/** Asserts that no authentication reached the server. */
const untouched = /userauth|publickey|Connection from user/i;

describe.concurrent("the host key of a machine that you already have", () => {
  it("is refused when it is unknown, with its fingerprint and before anything is sent", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    await writeFile(server.knownHostsFile, "");
    const shown = execFileSync("ssh-keygen", ["-lf", join(server.root, "host.pub")], {
      encoding: "utf8",
    }).split(" ")[1];
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      message: expect.stringContaining(shown ?? "?"),
      hint: expect.stringContaining(
        `UserKnownHostsFile=${server.knownHostsFile} -p ${server.port} ${server.user}@127.0.0.1`,
      ),
    });
    expect(server.log()).not.toMatch(untouched);
    expect(await readFile(server.knownHostsFile, "utf8")).toBe("");
  });

  it("is refused before any authentication when it differs from the known key", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const otherKey = await readPublicKey(await createKey(server.root, "other"));
    await writeFile(server.knownHostsFile, `# mine\n[127.0.0.1]:${server.port} ${otherKey}\n`);
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
      message: expect.stringContaining(`${server.knownHostsFile}, line 2`),
      hint: expect.stringContaining(`ssh-keygen -R [127.0.0.1]:${server.port} -f ${server.knownHostsFile}`),
    });
    expect(server.log()).not.toMatch(untouched);
  });

  it("is found among hashed names, patterns and negated patterns", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    execFileSync("ssh-keygen", ["-H", "-f", server.knownHostsFile], { stdio: "ignore" });
    expect(await readFile(server.knownHostsFile, "utf8")).toMatch(/^\|1\|/);
    const client = testClient(server, onTestFinished);
    await client.session();
    const [type, key] = server.hostKey.split(" ");
    const knows = async (names: string, name: string) => {
      await writeFile(server.knownHostsFile, `${names} ${type} ${key}\n`);
      return testClient(server, onTestFinished, name).session();
    };
    await knows(`box,[127.0.0.*]:${server.port}`, "pattern");
    await expect(knows(`[127.*]:${server.port},![127.0.0.1]:*`, "negated")).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
    });
  });

  it("is accepted without the port where none is known with the port, as in ssh", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const otherKey = await readPublicKey(await createKey(server.root, "other"));
    const { knownHostsFile, port, hostKey } = server;
    const options = ["BatchMode=yes", `UserKnownHostsFile=${knownHostsFile}`].flatMap((each) => ["-o", each]);
    const argv = [
      "-F",
      "none",
      "-i",
      server.keyFile,
      "-p",
      `${port}`,
      ...options,
      `${server.user}@127.0.0.1`,
    ];
    const cases = [
      [`127.0.0.1 ${hostKey}`, true],
      [`127.0.0.1 ${otherKey}`, false],
      [`127.0.0.1 ${hostKey}\n[127.0.0.1]:${port} ${otherKey}`, false],
      [`127.0.0.1 ${otherKey}\n[127.0.0.1]:${port} ${hostKey}`, true],
      [`@revoked 127.0.0.1 ${hostKey}\n127.0.0.1 ${hostKey}`, false],
    ] as const;
    for (const [index, [text, isKnown]] of cases.entries()) {
      await writeFile(knownHostsFile, `${text}\n`);
      // Runs asynchronously, because blocking this process would make concurrent tests consider their servers silent.
      const isKnownToSsh = await run("ssh", [...argv, "true"]).then(
        () => true,
        () => false,
      );
      expect([index, isKnownToSsh]).toEqual([index, isKnown]);
      const trying = testClient(server, onTestFinished, `${index}`).try();
      if (isKnown) expect(await trying).not.toHaveProperty("ready");
      else await expect(trying).rejects.toMatchObject({ code: expect.stringMatching(/^HOST_KEY_/) });
    }
  });

  it.for([
    ["StrictHostKeyChecking yes\n", "ssh would not ask here (StrictHostKeyChecking yes)"],
    ["UserKnownHostsFile /dev/null\nStrictHostKeyChecking no\n", "keeps no host keys of this machine"],
    ["StrictHostKeyChecking ask\n", "Log in once with `ssh -p"],
  ] as const)(
    "suggests a way to add an unknown key that works with %j",
    async ([config, hint], { expect, onTestFinished }) => {
      const server = await testServer({ onEnd: onTestFinished });
      const client = testClient(server, onTestFinished);
      await writeFile(join(client.environment.home, ".ssh/config"), config);
      const answer = createSsh({}, client.environment).connect(server.machine, client.context);
      await expect(answer).rejects.toMatchObject({
        code: "HOST_KEY_UNKNOWN",
        hint: expect.stringContaining(hint),
      });
    },
  );

  it("is refused when it is revoked, or not signed by the known authority", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const line = await readFile(server.knownHostsFile, "utf8");
    await writeFile(server.knownHostsFile, `${line}@revoked ${line}`);
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
      message: expect.stringContaining("revoked"),
    });
    await writeFile(server.knownHostsFile, `@cert-authority ${line}`);
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      message: expect.stringContaining("neither it nor a certificate authority"),
    });
    const client = testClient(server, onTestFinished);
    const environment = { env: { ...client.environment.env, PATH: server.root } };
    await expect(client.try({ environment })).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      hint: expect.stringMatching(/ssh would not ask here \(a @cert-authority .* echo .* >> /),
    });
  });

  it.for(["rsa", "ecdsa"])(
    "is requested with the known type (%s), although the server has others",
    async (kind, { expect, onTestFinished }) => {
      const extra = `/tmp/ut-host-${process.pid}-${kind}`;
      onTestFinished(() =>
        Promise.all([rm(extra, { force: true }), rm(`${extra}.pub`, { force: true })]).then(() => {}),
      );
      execFileSync("ssh-keygen", ["-q", "-t", kind, "-N", "", "-f", extra]);
      const server = await testServer({ onEnd: onTestFinished, config: [`HostKey ${extra}`] });
      const [type, key] = (await readPublicKey(extra)).split(" ");
      await writeFile(server.knownHostsFile, `[127.0.0.1]:${server.port} ${type} ${key}\n`);
      const client = testClient(server, onTestFinished);
      expect(await (await client.session()).run({ argv: ["true"] }, client.context)).toMatchObject({
        exitCode: 0,
      });
    },
  );

  it("can be part of the machine's options, in place of known_hosts", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    await writeFile(server.knownHostsFile, "");
    const client = testClient(server, onTestFinished);
    await client.session({ machine: { hostKey: server.hostKey } });
    const otherKey = await readPublicKey(await createKey(server.root, "other"));
    await expect(
      testClient(server, onTestFinished, "another").try({ machine: { hostKey: otherKey } }),
    ).rejects.toMatchObject({ code: "HOST_KEY_CHANGED" });
  });
});

describe.concurrent("the host key of a rented machine", () => {
  it("is pinned for its lease on first use, with a status message", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    await server.authorize((await makeLeaseKey(client.context.folder)).publicKey);
    const machine = { trust: "lease" } as const;
    await client.session({ machine });
    expect(client.context.statusMessages).toEqual([
      "SSH service ready",
      expect.stringMatching(/pinned on first use: ED25519 SHA256:/),
    ]);
    await client.session({ machine });
    expect(client.context.statusMessages).toHaveLength(2);
    const pinFile = join(client.context.folder, "known_hosts");
    expect((await readFile(pinFile, "utf8")).trim().split("\n")).toHaveLength(1);
    // A pinned key that cannot be read is not a missing pin, and reading a pipe would block.
    await rm(pinFile);
    execFileSync("mkfifo", [pinFile]);
    await expect(client.try({ machine })).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      message: expect.stringContaining(`${pinFile} is not a file`),
    });
  });

  it("must not change within a lease, but may in a new lease at the same address", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const first = testClient(server, onTestFinished, "first");
    await server.authorize((await makeLeaseKey(first.context.folder)).publicKey);
    const machine = { trust: "lease", port: server.port } as const;
    await first.session({ machine });
    await server.stop();
    const next = await testServer({ onEnd: onTestFinished, port: server.port });
    await expect(first.try({ machine })).rejects.toMatchObject({ code: "HOST_KEY_CHANGED" });
    const second = testClient(next, onTestFinished, "second");
    await next.authorize((await makeLeaseKey(second.context.folder)).publicKey);
    await second.session({ machine });
    expect(next.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  it("must be the key from the provider where there is one", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    await server.authorize((await makeLeaseKey(client.context.folder)).publicKey);
    const otherKey = await readPublicKey(await createKey(server.root, "other"));
    await expect(client.try({ machine: { trust: "lease", hostKey: otherKey } })).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
    });
    await client.session({ machine: { trust: "lease", hostKey: server.hostKey } });
    expect(client.context.statusMessages).toEqual(["SSH service ready"]);
  });
});
