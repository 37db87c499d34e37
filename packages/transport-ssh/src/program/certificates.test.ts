import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { createAnsweringPerson } from "../../test/answering-person.ts";
import { testClient } from "../../test/client.ts";
import { createKey, type OnEnd, readPublicKey } from "../../test/keys.ts";
import { signUserKey, testServer } from "../../test/test-server.ts";
import { createSsh } from "../ssh.ts";

describe.concurrent("a user's certificate", () => {
  it("logs in over the ssh program, with one status message", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    const client = testClient(server, onTestFinished);
    const session = await client.session();
    expect(await session.run({ argv: ["echo", "in"] }, client.context)).toMatchObject({ stdout: "in\n" });
    expect(client.context.statusMessages).toEqual([
      `Connecting with the ssh program because of the certificate ${server.keyFile}-cert.pub`,
      "SSH service ready",
    ]);
    expect(server.log()).toMatch(/Accepted publickey .*CERT/);
    const transport = createSsh({ identityFile: server.keyFile }, client.environment);
    expect(await transport.describeConnection?.(server.machine, client.context)).toBe(
      `over the ssh program because of the certificate ${server.keyFile}-cert.pub`,
    );
  });

  it.for([
    ["expired", ["-V", "20200101:20200201"], /expired at 2020-02-01/, /new certificate/],
    ["is for somebody else", ["-n", "nobody"], /is for nobody, not /, /ssh -v /],
  ] as const)(
    "that %s is refused with the reason",
    async ([, options, message, hint], { expect, onTestFinished }) => {
      const server = await testServer({ onEnd: onTestFinished, certificate: true });
      signUserKey(join(server.root, "ca"), server.keyFile, server.user, options);
      await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
        code: "LOGIN_REFUSED",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
    },
  );

  it("is refused when the machine has revoked it", async ({ expect, onTestFinished }) => {
    const revoked = `/tmp/ut-revoked-${process.pid}`;
    await writeFile(revoked, "");
    const server = await testServer({
      onEnd: onTestFinished,
      certificate: true,
      config: [`RevokedKeys ${revoked}`],
    });
    await writeFile(revoked, await readPublicKey(server.keyFile));
    onTestFinished(() => writeFile(revoked, ""));
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: expect.stringMatching(/Permission denied .* or may have revoked it/),
    });
  });
});

/** A server with a host certificate, and a client that knows only the authority. */
async function certified(onEnd: OnEnd, options: readonly string[] = [], certificate = false) {
  const server = await testServer({ onEnd, certificate, hostCertificate: ["-n", "127.0.0.1", ...options] });
  const authority = await readPublicKey(join(server.root, "host-ca"));
  await writeFile(server.knownHostsFile, `@cert-authority [127.0.0.1]:* ${authority}\n`);
  return { server, authority, client: testClient(server, onEnd) };
}

const untouched = /userauth|publickey/i;

describe.concurrent("a host's certificate", () => {
  it("is accepted when its authority is known, and pinned for the lease", async ({
    expect,
    onTestFinished,
  }) => {
    const { server, authority, client } = await certified(onTestFinished);
    await client.session();
    expect(client.context.statusMessages[0]).toContain("@cert-authority that vouches for 127.0.0.1");
    const pinned = await readFile(join(client.context.folder, "known_hosts"), "utf8");
    const [type, key] = authority.split(" ");
    expect(pinned).toBe(`@cert-authority [127.0.0.1]:${server.port} ${type} ${key}\n`);
    // From now on only the pinned key counts.
    await writeFile(server.knownHostsFile, "");
    await client.session();
    await expect(testClient(server, onTestFinished, "another").try()).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
    });
  });

  it.for([
    ["expired", ["-V", "20200101:20200201"], "is invalid: expired"],
    ["for another name", ["-n", "elsewhere"], "is invalid: name is not a listed principal"],
  ] as const)("is refused when it is %s", async ([, options, reason], { expect, onTestFinished }) => {
    const { server, client } = await certified(onTestFinished, options);
    await expect(client.try()).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      message: expect.stringContaining(reason),
    });
    expect(server.log()).not.toMatch(untouched);
  });

  it("is refused when its authority is revoked", async ({ expect, onTestFinished }) => {
    const { server, authority, client } = await certified(onTestFinished);
    await writeFile(
      server.knownHostsFile,
      `@revoked * ${authority}\n@cert-authority [127.0.0.1]:* ${authority}\n`,
    );
    await expect(client.try()).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
      message: expect.stringContaining("revoked"),
    });
    expect(server.log()).not.toMatch(untouched);
  });
});

describe.concurrent("a host key over the ssh program", () => {
  it("is refused when it is unknown, with its fingerprint and a working command", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    await writeFile(server.knownHostsFile, "");
    const client = testClient(server, onTestFinished);
    const fingerprint = execFileSync("ssh-keygen", ["-lf", join(server.root, "host.pub")], {
      encoding: "utf8",
    }).split(" ")[1];
    const error = await client.try().then(
      () => undefined,
      (error: unknown) => error as { code: string; message: string; hint: string },
    );
    expect(error).toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      message: expect.stringContaining(`ED25519 key ${fingerprint}`),
    });
    expect(server.log()).not.toMatch(untouched);
    const [, command = ""] = /once with `(.*?)`, compare/.exec(error?.hint ?? "") ?? [];
    const person = await createAnsweringPerson("yes", server, client);
    execFileSync("sh", ["-c", `${command} true`], { env: person.environment.env, stdio: "ignore" });
    await client.session();
  });

  it("is refused when it differs from the known or the given key", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    const otherCertificate = await readPublicKey(await createKey(server.root, "other"));
    const [type, key] = otherCertificate.split(" ");
    await writeFile(server.knownHostsFile, `[127.0.0.1]:${server.port} ${type} ${key}\n`);
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
      message: expect.stringContaining(`${server.knownHostsFile}:1`),
      hint: expect.stringContaining(`ssh-keygen -R [127.0.0.1]:${server.port}`),
    });
    await testClient(server, onTestFinished, "given").session({ machine: { hostKey: server.hostKey } });
    await expect(
      testClient(server, onTestFinished, "wrong").try({ machine: { hostKey: otherCertificate } }),
    ).rejects.toMatchObject({ code: "HOST_KEY_CHANGED" });
    expect(server.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  it("is checked for each host on the way", async ({ expect, onTestFinished }) => {
    const [first, last] = await Promise.all(
      [1, 2].map(() => testServer({ onEnd: onTestFinished, certificate: true })),
    );
    if (!first || !last) throw new Error("two servers");
    const client = testClient(last, onTestFinished);
    const config = join(last.root, "config");
    const block = (name: string, { port, user, keyFile, knownHostsFile }: typeof first) =>
      `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  User ${user}\n  IdentityFile ${keyFile}\n  UserKnownHostsFile ${knownHostsFile}\n  StrictHostKeyChecking no\n`;
    await writeFile(config, `${block("first", first)}${block("last", last)}  ProxyJump first\n`);
    const connect = (name: string) =>
      createSsh({ sshConfigFile: config }, client.environment).connect(
        { connectionKind: "ssh", host: "last" },
        { ...client.context, folder: join(last.root, name) },
      );
    const session = await connect("lease");
    if ("ready" in session) throw new Error(session.reason);
    onTestFinished(() => Promise.resolve(session[Symbol.asyncDispose]()));
    expect(await session.run({ argv: ["echo", "in"] }, client.context)).toMatchObject({ stdout: "in\n" });
    expect(first.log()).toMatch(/Accepted publickey .*CERT/);
    await writeFile(first.knownHostsFile, "");
    await expect(connect("another")).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      message: expect.stringContaining(`:${first.port} answered`),
    });
  });
});
