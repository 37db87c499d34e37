import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import { formatKnownHostsLine } from "../../test/keys.ts";
import { findMaster, isAlive } from "../../test/masters.ts";
import { runToEnd } from "../../test/run-to-end.ts";
import { tcpProxy } from "../../test/tcp-proxy.ts";
import { testServer } from "../../test/test-server.ts";

describe.concurrent("an ssh master", () => {
  it("ends with its session, and leaves no files", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    const executor = await testClient(server, onTestFinished).executor();
    const { pid, socket } = await findMaster(server);
    expect(socket).toContain(tmpdir());
    await executor[Symbol.asyncDispose]();
    await expect.poll(() => isAlive(pid)).toBe(false);
    await expect(readdir(join(socket, ".."))).rejects.toThrow("ENOENT");
  });

  it("ends with a cancelled attempt", async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    const line = await tcpProxy(server.port, onTestFinished);
    await appendFile(server.knownHostsFile, formatKnownHostsLine(line.port, server.hostKey));
    const client = testClient(server, onTestFinished);
    line.swallow();
    const abortController = new AbortController();
    const trying = client.try({ machine: { port: line.port }, signal: abortController.signal });
    const { pid } = await findMaster(server);
    abortController.abort();
    expect(await trying).toMatchObject({ ready: false, reason: "the attempt was cancelled" });
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("ends soon after our process was killed", { timeout: 60_000 }, async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    const { keyFile: identityFile, knownHostsFile, machine } = server;
    const options = { identityFile, knownHostsFile, sshConfigFile: "/dev/null" };
    const script = fileURLToPath(new URL("../../test/stay-connected.ts", import.meta.url));
    const input = JSON.stringify({ folder: join(server.root, "lease"), options, machine });
    const child = spawn(process.execPath, ["--conditions=@unitrain/source", script, input], {
      // Files of a killed process are in a folder that is removed after the test.
      env: { ...process.env, TMPDIR: server.root },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [output] = await once(child.stdout, "data");
    expect(String(output)).toBe("connected\n");
    const { pid } = await findMaster(server);
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 40_000, interval: 500 }).toBe(false);
  });

  it("is a lost connection when it is killed, and the next one needs no person", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    const client = testClient(server, onTestFinished);
    const executor = await client.executor();
    const lasting = await executor.exec("echo begun; sleep 600");
    await once(lasting.stdout, "data");
    process.kill((await findMaster(server)).pid, "SIGKILL");
    expect(await lasting.exit).toMatchObject({
      lostReason: expect.stringContaining("the ssh program ended"),
    });
    await expect(executor.exec("true")).rejects.toMatchObject({ code: "CONNECTION_LOST", retryable: true });
    const secondExecutor = await client.executor();
    expect(await runToEnd(secondExecutor, "exit 7")).toMatchObject({ exit: { code: 7 } });
    // The message is shown only once.
    expect(client.context.statusMessages.filter((message) => message.includes("ssh program"))).toHaveLength(
      1,
    );
  });

  it("answers the keepalives of a server", async ({ expect, onTestFinished }) => {
    const server = await testServer({
      onEnd: onTestFinished,
      certificate: true,
      config: ["ClientAliveInterval 1", "ClientAliveCountMax 1"],
    });
    const executor = await testClient(server, onTestFinished).executor();
    expect(await runToEnd(executor, "sleep 4; echo still")).toMatchObject({ stdout: Buffer.from("still\n") });
  });

  it("notices a dead connection", { timeout: 30_000 }, async ({ expect, onTestFinished }) => {
    const server = await testServer({ onEnd: onTestFinished, certificate: true });
    const line = await tcpProxy(server.port, onTestFinished);
    await appendFile(server.knownHostsFile, formatKnownHostsLine(line.port, server.hostKey));
    const client = testClient(server, onTestFinished);
    const executor = await client.executor({
      machine: { port: line.port },
      environment: { silenceMs: 4_000 },
    });
    const lasting = await executor.exec("echo begun; sleep 600");
    await once(lasting.stdout, "data");
    line.swallow();
    expect(await lasting.exit).toMatchObject({
      lostReason: expect.stringMatching(/not responding|timed out/i),
    });
  });
});
