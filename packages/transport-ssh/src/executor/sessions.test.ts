import { describe, it } from "vitest";
import { testClient } from "../../test/client.ts";
import { bothLoginWays } from "../../test/login-ways.ts";
import { runToEnd } from "../../test/run-to-end.ts";
import { testServer } from "../../test/test-server.ts";

describe.concurrent.for(bothLoginWays)("commands over one login of %s", ([, options]) => {
  it.for([1, 10])(
    "run 12 at once on a server that allows %i sessions",
    async (most, { expect, onTestFinished }) => {
      const server = await testServer({
        ...options,
        onEnd: onTestFinished,
        config: [`MaxSessions ${most}`],
      });
      const executor = await testClient(server, onTestFinished).executor({ connections: 1 });
      const all = await Promise.all(
        Array.from({ length: 12 }, (_, number) =>
          runToEnd(executor, `echo ${number}; sleep 0.05; exit ${number}`),
        ),
      );
      for (const [number, { stdout, exit }] of all.entries()) {
        expect(stdout.toString()).toBe(`${number}\n`);
        expect(exit).toEqual({ code: number });
      }
      expect(server.log().match(/Accepted publickey/g)).toHaveLength(1);
    },
  );

  it("run beside a long command on a server that allows one session", async ({ expect, onTestFinished }) => {
    const server = await testServer({
      user: "trainer",
      ...options,
      onEnd: onTestFinished,
      config: ["MaxSessions 1"],
    });
    const executor = await testClient(server, onTestFinished).executor();
    const lasting = new AbortController();
    const follow = await executor.exec("echo begun; exec sleep 600", { signal: lasting.signal });
    await new Promise((resolve) => follow.stdout.once("data", resolve));
    expect(await runToEnd(executor, "exit 7")).toMatchObject({ exit: { code: 7 } });
    expect(await runToEnd(executor, "exit 8")).toMatchObject({ exit: { code: 8 } });
    expect(server.log().match(/Accepted publickey/g)).toHaveLength(2);
    lasting.abort();
    expect(await follow.exit).toEqual({ lostReason: "we ended it" });
  });

  it("leave nothing behind when many run in a row", { timeout: 120_000 }, async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ ...options, onEnd: onTestFinished, config: ["MaxSessions 2"] });
    const executor = await testClient(server, onTestFinished).executor({ connections: 1 });
    const some = async (count: number) => {
      for (let done = 0; done < count; done += 1) {
        const { exit } = await executor.exec("exit 3", { stdin: Buffer.from("x") });
        expect(await exit).toEqual({ code: 3 });
      }
    };
    await some(50);
    const processes = server.pids().length;
    await some(options.certificate ? 150 : 900);
    expect(server.pids().length).toBeLessThanOrEqual(processes);
    expect(await runToEnd(executor, "ls /proc/self/fd | wc -l; exit 0")).toMatchObject({ exit: { code: 0 } });
  });

  it("can be cancelled while they wait for a session", async ({ expect, onTestFinished }) => {
    const server = await testServer({
      user: "trainer",
      ...options,
      onEnd: onTestFinished,
      config: ["MaxSessions 1"],
    });
    const executor = await testClient(server, onTestFinished).executor({ connections: 1 });
    const lasting = new AbortController();
    const first = await executor.exec("exec sleep 600", { signal: lasting.signal });
    const impatient = new AbortController();
    const second = executor.exec("true", { signal: impatient.signal });
    setTimeout(() => impatient.abort(), 200);
    await expect(second).rejects.toThrow();
    lasting.abort();
    await first.exit;
    expect(await runToEnd(executor, "exit 5")).toMatchObject({ exit: { code: 5 } });
  });
});
