import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";
import { testClient } from "../test/client.ts";
import { testServer } from "../test/test-server.ts";
import { makeLeaseKey } from "./keys/lease-key.ts";
import { createSsh } from "./ssh.ts";

const run = promisify(execFile);

describe.concurrent("access for people and editors", () => {
  it("is an ssh configuration of our own that works before and after a connection", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const transport = createSsh(
      { identityFile: server.keyFile, knownHostsFile: server.knownHostsFile },
      client.environment,
    );
    const access = await transport.access?.(server.machine, client.context);
    if (access === undefined) throw new Error("no access");
    const [program = "", ...words] = access.argv;
    const { stdout } = await run(program, [...words, access.target, "echo in"]);
    expect(stdout).toBe("in\n");
    expect(access.configFile).toBe(join(client.context.folder, "ssh_config"));
  });

  it("to a rented machine has the lease's key and only the pinned host key", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    await server.authorize((await makeLeaseKey(client.context.folder)).publicKey);
    const machine = { ...server.machine, trust: "lease" } as const;
    const access = await createSsh({}, client.environment).access?.(machine, client.context);
    if (access === undefined) throw new Error("no access");
    const [program = "", ...words] = access.argv;
    const enter = () => run(program, [...words, "-o", "BatchMode=yes", access.target, "echo in"]);
    await expect(enter()).rejects.toThrow(/Host key verification failed/);
    await client.session({ machine: { trust: "lease" } });
    expect((await enter()).stdout).toBe("in\n");
  });

  it("finds a host key without the port before a connection", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished });
    await writeFile(server.knownHostsFile, `127.0.0.1 ${server.hostKey}\n`);
    const { environment, context } = testClient(server, onTestFinished);
    const options = { identityFile: server.keyFile, knownHostsFile: server.knownHostsFile };
    const access = await createSsh(options, environment).access?.(server.machine, context);
    if (access === undefined) throw new Error("no access");
    const [program = "", ...words] = access.argv;
    const { stdout } = await run(program, [...words, "-o", "BatchMode=yes", access.target, "echo in"]);
    expect(stdout).toBe("in\n");
  });

  it("uses the same jump hosts as the transport", async ({ expect, onTestFinished }) => {
    const [first, last] = await Promise.all([1, 2].map(() => testServer({ onEnd: onTestFinished })));
    if (!first || !last) throw new Error("two servers");
    const client = testClient(last, onTestFinished);
    const sshConfigFile = join(last.root, "their config");
    const block = (name: string, server: typeof first) =>
      `Host ${name}\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ${server.user}\n  IdentityFile ${server.keyFile}\n  UserKnownHostsFile ${server.knownHostsFile}\n`;
    const userConfig = `${block("first", first)}${block("box", last)}  ProxyJump first\n`;
    await writeFile(sshConfigFile, userConfig);
    const access = await createSsh({ sshConfigFile }, client.environment).access?.(
      { connectionKind: "ssh", host: "box" },
      client.context,
    );
    if (access === undefined) throw new Error("no access");
    const [program = "", ...words] = access.argv;
    expect((await run(program, [...words, access.target, "echo in"])).stdout).toBe("in\n");
    expect(first.log()).toMatch(/Accepted publickey/);
    expect(await readFile(sshConfigFile, "utf8")).toBe(userConfig);
  });
});
