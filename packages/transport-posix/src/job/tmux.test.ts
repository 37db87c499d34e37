import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { followToEnd, readLog, waitForLogText } from "../../test/follow-to-end.ts";
import { mustBeInstalled } from "../../test/shells.ts";
import { type OnEnd, testMachine } from "../../test/test-machine.ts";
import { tmux } from "./tmux.ts";

// Every test machine has its own tmux server, so the tests affect no other sessions.
describe.concurrent("the tmux session of a job", () => {
  const startAndWait = async (onTestFinished: OnEnd, script: string) => {
    mustBeInstalled("tmux");
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect({ launchers: [tmux()] });
    const job = machine.job(script);
    await session.start(job, {}, testContext());
    await waitForLogText(session, job.id, "\n");
    const ask = async (...argv: string[]) =>
      (await session.run({ argv: ["tmux", ...argv] }, testContext())).stdout;
    return { machine, session, job, ask };
  };

  it("is called training-<id>, shows the log, and ends with the job", async ({ expect, onTestFinished }) => {
    const { session, job, ask } = await startAndWait(onTestFinished, "echo epoch 1; sleep 2; exit 3");
    expect(await ask("list-sessions", "-F", "#{session_name}")).toBe(`training-${job.id}\n`);
    await expect
      .poll(() => ask("capture-pane", "-p", "-t", `=training-${job.id}:`), { timeout: 5_000 })
      .toContain("epoch 1");
    expect(await followToEnd(session, job.id)).toMatchObject({ state: "ended", exitCode: 3 });
    await expect.poll(() => ask("list-sessions", "-F", "#{session_name}"), { timeout: 6_000 }).toBe("");
  });

  it("can be killed with its whole server while the job continues", async ({ expect, onTestFinished }) => {
    const { session, job, ask } = await startAndWait(
      onTestFinished,
      "echo begun; sleep 1; echo still here; exit 8",
    );
    await ask("kill-server");
    expect((await readLog(session, job.id)).toString()).toBe("begun\nstill here\n");
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 8 });
  });

  it("can lose its socket while reading the state, following and stopping still work", async ({
    expect,
    onTestFinished,
  }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; exec sleep 300");
    await rm(join(machine.root, `tmux-${process.getuid?.()}`), { recursive: true });
    const secondSession = await machine.connect();
    expect(await secondSession.getJobState(job.id, testContext())).toMatchObject({ state: "running" });
    expect(await waitForLogText(secondSession, job.id, "begun")).toContain("begun");
    await session.stop(job.id, 1_000, testContext());
    expect(await secondSession.getJobState(job.id, testContext())).toMatchObject({
      state: "ended",
      exitCode: 143,
    });
  });

  it("does not prevent a job when a session of the same or a similar name exists", async ({
    expect,
    onTestFinished,
  }) => {
    mustBeInstalled("tmux");
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect();
    const job = machine.job("echo here; exit 2");
    for (const name of [`training-${job.id}`, `training-${job.id}0`]) {
      await session.run({ argv: ["tmux", "new-session", "-d", "-s", name, "sleep", "20"] }, testContext());
    }
    await session.start(job, {}, testContext());
    expect(await followToEnd(session, job.id)).toMatchObject({ state: "ended", exitCode: 2 });
    await session.run({ argv: ["tmux", "kill-server"] }, testContext());
  });
});
