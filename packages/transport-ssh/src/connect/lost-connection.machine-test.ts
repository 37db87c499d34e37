import { appendFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import type { OnEnd } from "../../test/keys.ts";
import { formatKnownHostsLine } from "../../test/keys.ts";
import { bothLoginWays, type LoginWay } from "../../test/login-ways.ts";
import { runToEnd } from "../../test/run-to-end.ts";
import { tcpProxy } from "../../test/tcp-proxy.ts";
import { type TestServer, testServer } from "../../test/test-server.ts";

async function proxied(options: LoginWay, onEnd: OnEnd) {
  const server: TestServer = await testServer({ ...options, onEnd });
  const line = await tcpProxy(server.port, onEnd);
  await appendFile(server.knownHostsFile, formatKnownHostsLine(line.port, server.hostKey));
  const client = testClient(server, onEnd);
  return { server, line, client, machine: { port: line.port } };
}

const megabyte = Buffer.alloc(1024 * 1024, 7);

/** Skips processes that have ended since they were listed, such as the short sleeps of a command. */
function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

describe.concurrent.for(bothLoginWays)("a lost connection of %s", ([, options]) => {
  // Within each step of an SSH connection: banner, key exchange, authentication, first command.
  it.for(options.certificate ? [0, 30, 1500, 3500] : [0, 1, 30, 500, 1500, 2500, 3500, 4500])(
    "after %i bytes gives a reason, and the next attempt succeeds",
    async (bytes, { expect, onTestFinished }) => {
      const { line, client, machine } = await proxied(options, onTestFinished);
      line.cutAfter("down", bytes);
      // The lost connection itself must end the attempt, before the silence limit and the caller's timeout.
      const signal = AbortSignal.timeout(60_000);
      const answer = await client.try({ machine, signal, environment: { silenceMs: 120_000 } });
      expect(signal.aborted).toBe(false);
      if ("ready" in answer) {
        expect(answer.reason).not.toBe("");
        expect(answer.final ?? false).toBe(false);
      }
      line.heal();
      const session = await client.session({ machine });
      expect(await session.run({ argv: ["echo", "back"] }, client.context)).toMatchObject({
        stdout: "back\n",
      });
    },
  );

  it.for(options.certificate ? [50] : [1, 50, 99])(
    "at %i % of an upload is reported as such, never as an exit code",
    async (percent, { expect, onTestFinished }) => {
      const { line, client, machine } = await proxied(options, onTestFinished);
      const executor = await client.executor({ machine });
      line.cutAfter("up", Math.round(200_000 + 20_000_000 * (percent / 100)));
      const source = Readable.from(Array.from({ length: 20 }, () => megabyte));
      const { exit } = await runToEnd(executor, "cat >/dev/null; sleep 1", { stdin: source });
      expect(exit).toMatchObject({ lostReason: expect.any(String) });
      expect(source.destroyed).toBe(true);
      await expect(executor.exec("true")).rejects.toMatchObject({ code: "CONNECTION_LOST", retryable: true });
    },
  );

  it.for(options.certificate ? [50] : [1, 50, 99])(
    "at %i % of a download is reported as such, never as an exit code",
    async (percent, { expect, onTestFinished }) => {
      const { line, client, machine } = await proxied(options, onTestFinished);
      const executor = await client.executor({ machine });
      line.cutAfter("down", 20_000_000 * (percent / 100));
      const { exit, stdout } = await runToEnd(executor, "head -c 20000000 /dev/zero");
      expect(exit).toMatchObject({ lostReason: expect.any(String) });
      expect(stdout.length).toBeLessThan(20_000_000);
    },
  );

  it("is reported as such to a slow reader, even when the exit code has arrived", async ({
    expect,
    onTestFinished,
  }) => {
    const { line, client, machine } = await proxied(options, onTestFinished);
    const executor = await client.executor({ machine });
    const { stdout, exit } = await executor.exec("head -c 3000000 /dev/zero; exit 0");
    stdout.once("readable", () => {});
    await sleep(300);
    line.cut();
    await sleep(100);
    stdout.resume();
    expect(await exit).toMatchObject({ lostReason: expect.any(String) });
  });

  it("fails each of many commands, and none waits for ever", async ({ expect, onTestFinished }) => {
    const { line, client, machine } = await proxied(options, onTestFinished);
    const executor = await client.executor({ machine });
    const all = Array.from({ length: 20 }, () =>
      runToEnd(executor, "sleep 60").then(
        ({ exit }) => exit,
        (error) => error,
      ),
    );
    await sleep(300);
    line.cut();
    for (const result of await Promise.all(all)) {
      if ("lostReason" in result) expect(result.lostReason).not.toBe("");
      else expect(result).toMatchObject({ code: "CONNECTION_LOST" });
    }
  });

  it("is noticed by silence, and the session throws CONNECTION_LOST", async ({ expect, onTestFinished }) => {
    const { line, client, machine } = await proxied(options, onTestFinished);
    const session = await client.session({ machine, environment: { silenceMs: 2_000 } });
    const running = session.run({ argv: ["sleep", "60"] }, client.context);
    await sleep(200);
    line.swallow();
    await expect(running).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringMatching(/the machine sent nothing|not responding/),
    });
    await expect(session.run({ argv: ["true"] }, client.context)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
    });
  });

  it("is not assumed during a slow upload", async ({ expect, onTestFinished }) => {
    const { line, client, machine } = await proxied(options, onTestFinished);
    const executor = await client.executor({ machine, environment: { silenceMs: 2_000 } });
    line.slowDown(100_000);
    const { stdout, exit } = await runToEnd(executor, "wc -c", {
      stdin: Readable.from([Buffer.alloc(1_000_000)]),
    });
    expect(exit).toEqual({ code: 0 });
    expect(stdout.toString().trim()).toBe("1000000");
  });

  it("is not assumed when the server is suspended for a while", async ({ expect, onTestFinished }) => {
    const { server, client } = await proxied(options, onTestFinished);
    const session = await client.session();
    const running = session.run(
      { argv: ["sh", "-c", "for i in 1 2 3 4 5 6; do echo $i; sleep 0.2; done"] },
      client.context,
    );
    await sleep(300);
    const stopped = server.pids();
    signalAll(stopped, "SIGSTOP");
    await sleep(2_000);
    signalAll(stopped, "SIGCONT");
    expect(await running).toEqual({ exitCode: 0, stdout: "1\n2\n3\n4\n5\n6\n", stderr: "" });
  });
});
