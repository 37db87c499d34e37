import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import { createKey, formatKnownHostsLine, readPublicKey } from "../../test/keys.ts";
import { runToEnd } from "../../test/run-to-end.ts";
import { testServer } from "../../test/test-server.ts";
import { connect } from "../connect/connect.ts";
import { resolveTarget } from "./resolve.ts";

describe.concurrent("an alias of ~/.ssh/config", () => {
  it("sets host, port, user, key and known hosts, also by included files and patterns", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const { home } = client.environment;
    await mkdir(join(home, ".ssh/conf.d"));
    await writeFile(
      join(home, ".ssh/config"),
      "Include conf.d/*.conf\nHost *\n  User wrong\n  Port 1\n  IdentityFile ~/none\n",
    );
    await writeFile(
      join(home, ".ssh/conf.d/boxes.conf"),
      `host gpu-* !gpu-old\nHostName=127.0.0.1\n  Port ${server.port}\n  User ${server.user}\n  IdentityFile "${server.keyFile}"\n  UserKnownHostsFile ${server.knownHostsFile}\n`.replace(
        "GPU",
        "gpu",
      ),
    );
    const { port: _port, user: _user, ...machine } = { ...server.machine, host: "gpu-box" };
    const executor = await connect(machine, client.context, {}, client.environment);
    if ("ready" in executor) throw new Error(executor.reason);
    await executor[Symbol.asyncDispose]();
    const old = await resolveTarget(
      { connectionKind: "ssh", host: "gpu-old" },
      { ...client.context, folder: join(server.root, "old") },
      {},
      client.environment,
    );
    expect(old).toMatchObject({ host: "gpu-old", port: 1, user: "wrong" });
    const target = await resolveTarget(
      { connectionKind: "ssh", host: "gpu-box", port: 7, user: "me" },
      { ...client.context, folder: join(server.root, "given") },
      {},
      client.environment,
    );
    expect(target).toMatchObject({ host: "127.0.0.1", port: 7, user: "me", displayName: "me@127.0.0.1:7" });
  });

  it("can use jump hosts, each with its own key and host key", async ({ expect, onTestFinished }) => {
    const [first, second, last] = await Promise.all(
      [1, 2, 3].map(() => testServer({ onEnd: onTestFinished })),
    );
    if (!first || !second || !last) throw new Error("three servers");
    const client = testClient(last, onTestFinished);
    const relay =
      "require('net').connect(process.argv[2], process.argv[1], function () { process.stdin.pipe(this).pipe(process.stdout) })";
    const block = (name: string, server: typeof first) =>
      `Host ${name}\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ${server.user}\n  IdentityFile ${server.keyFile}\n  UserKnownHostsFile ${server.knownHostsFile}\n`;
    const config = join(last.root, "ssh_config");
    await writeFile(
      config,
      `${block("first", first)}  ProxyCommand '${process.execPath}' -e "${relay}" %h %p\n${block("second", second)}  ProxyJump first\n${block("box", last)}  ProxyJump second\n`,
    );
    const machine = { connectionKind: "ssh", host: "box" } as const;
    const executor = await connect(machine, client.context, { sshConfigFile: config }, client.environment);
    if ("ready" in executor) throw new Error(executor.reason);
    const big = Buffer.alloc(3_000_000, "x");
    expect((await runToEnd(executor, "cat", { stdin: big })).stdout.equals(big)).toBe(true);
    for (const server of [first, second, last])
      expect(server.log().match(/Accepted publickey/g)).toHaveLength(1);
    await executor[Symbol.asyncDispose]();
    await expect.poll(() => first.log(), { timeout: 5_000 }).toMatch(/Disconnected|closed/i);
    // A jump host with another key than the known one is refused.
    await writeFile(
      first.knownHostsFile,
      formatKnownHostsLine(first.port, await readPublicKey(await createKey(first.root, "other"))),
    );
    const secondAttempt = connect(
      machine,
      { ...client.context, folder: join(last.root, "again") },
      { sshConfigFile: config },
      client.environment,
    );
    await expect(secondAttempt).rejects.toMatchObject({ code: "HOST_KEY_CHANGED" });
  });

  it("can have a ProxyCommand", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const config = join(server.root, "ssh_config");
    const relay =
      "require('net').connect(process.argv[2], process.argv[1], function () { process.stdin.pipe(this).pipe(process.stdout) })";
    await writeFile(config, `Host 127.0.0.1\n  ProxyCommand '${process.execPath}' -e "${relay}" %h %p\n`);
    const client = testClient(server, onTestFinished);
    const session = await client.session({ sshConfigFile: config });
    const done = await session.run({ argv: ["wc", "-c"], stdin: Buffer.alloc(2_000_000) }, client.context);
    expect(done.stdout.trim()).toBe("2000000");
    await session[Symbol.asyncDispose]();
  });

  it("in a named file that does not exist is an error", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    await expect(
      testClient(server, onTestFinished).try({ sshConfigFile: join(server.root, "none") }),
    ).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
  });
});
