import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { describe, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { followToEnd, readLog } from "../../test/follow-to-end.ts";
import { type OnEnd, testMachine } from "../../test/test-machine.ts";
import type { JobLauncher, LauncherState } from "./launcher.ts";

/** A queue whose answers the test sets. Its nodes are folders that nothing else reads. */
async function createQueue(onTestFinished: OnEnd, states: readonly LauncherState[], filesDelayMs = 0) {
  const machine = await testMachine(onTestFinished);
  const remainingStates = [...states];
  let wrapper = "";
  const launcher: JobLauncher = {
    name: "queue",
    pollMs: 50,
    filesDelayMs,
    available: async () => true,
    async start(_shell, prepared) {
      wrapper = prepared.wrapper;
      return "42";
    },
    async getState() {
      const [next = { state: "absent" }] = remainingStates;
      if (remainingStates.length > 1) remainingStates.shift();
      return next;
    },
    stop: async () => {},
  };
  const session = await machine.connect({ launchers: [launcher] });
  // A unique id, because at the end of the test a session without this launcher stops the machine's jobs.
  const job = { ...machine.job("echo begun"), id: "elsewhere" };
  const folder = join(machine.workFolder, "jobs", job.id);
  return {
    machine,
    launcher,
    session,
    job,
    folder,
    start: () => session.start(job, {}, testContext()),
    state: () => session.getJobState(job.id, testContext()),
    /** Claims the job as a node does: by no process of this machine. */
    claim: async () => {
      await mkdir(join(folder, "claim"));
      await writeFile(join(folder, "state"), "boot=another\nhost=n1\nwrapper=1 1\nmark=x\n");
      await writeFile(join(folder, "log"), "begun\n");
    },
    exit: async (code: number) => {
      await writeFile(join(folder, "exit.new"), `${code}\n`);
      await rename(join(folder, "exit.new"), join(folder, "exit"));
    },
    runWrapper: () => session.run({ argv: ["sh", wrapper] }, testContext()),
  };
}

const running: LauncherState = { state: "running", nodes: ["n1", "n2"] };
const timedOut: LauncherState = { state: "ended", ending: { reason: "time-limit", detail: "TIMEOUT" } };

describe.concurrent("a job that other computers run", () => {
  it("is never searched among the processes of this machine", async ({ expect, onTestFinished }) => {
    const fixture = await createQueue(onTestFinished, [running]);
    await fixture.start();
    expect(await fixture.state()).toEqual({
      state: "waiting",
      detail: "queue is starting the job on n1, n2",
    });
    await fixture.claim();
    expect(await fixture.state()).toEqual({ state: "running", logBytes: 6, nodes: ["n1", "n2"] });
    const log = readLog(fixture.session, fixture.job.id);
    await fixture.exit(0);
    expect((await log).toString()).toBe("begun\n");
    expect(await fixture.state()).toEqual({ state: "ended", exitCode: 0, logBytes: 6 });
  });

  it("is unknown while its launcher does not answer, and in a session without that launcher", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await createQueue(onTestFinished, [{ state: "unknown", detail: "no answer" }]);
    await fixture.start();
    expect(await fixture.state()).toEqual({ state: "unknown", detail: "no answer" });
    await fixture.claim();
    expect(await fixture.state()).toEqual({ state: "unknown", detail: "no answer" });
    const stranger = await fixture.machine.connect();
    expect(await stranger.getJobState(fixture.job.id, testContext())).toMatchObject({ state: "unknown" });
    await expect(stranger.stop(fixture.job.id, 0, testContext())).rejects.toMatchObject({
      code: "REMOTE_COMMAND",
      message: expect.stringContaining("this transport has no launcher queue"),
    });
    await fixture.exit(3);
    expect(await fixture.state()).toMatchObject({ state: "ended", exitCode: 3 });
  });

  it("keeps the reason of its end, which the launcher forgets, beside its exit code", async ({
    expect,
    onTestFinished,
  }) => {
    // Slurm reports a job as running for a while after it has ended.
    const fixture = await createQueue(onTestFinished, [running, timedOut, { state: "absent" }]);
    await fixture.start();
    await fixture.claim();
    await fixture.exit(143);
    const ended = { state: "ended", exitCode: 143, ending: { reason: "time-limit", detail: "TIMEOUT" } };
    expect(await fixture.state()).toMatchObject(ended);
    expect(await fixture.state()).toMatchObject(ended);
  });

  it("without an exit code is lost once its launcher says that it ended, which also ends following", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await createQueue(onTestFinished, [running, running, timedOut, { state: "absent" }]);
    await fixture.start();
    await fixture.claim();
    expect((await readLog(fixture.session, fixture.job.id)).toString()).toBe("begun\n");
    expect(await fixture.state()).toEqual({
      state: "lost",
      detail: "queue ended the job: TIMEOUT",
      logBytes: 6,
      ending: { reason: "time-limit", detail: "TIMEOUT" },
    });
  });

  it("waits for the exit code, which a network disk may show late", async ({ expect, onTestFinished }) => {
    const fixture = await createQueue(onTestFinished, [running, timedOut, { state: "absent" }], 600_000);
    await fixture.start();
    await fixture.claim();
    const log = readLog(fixture.session, fixture.job.id);
    await expect.poll(fixture.state, { timeout: 10_000 }).toEqual({
      state: "unknown",
      detail: "queue ended the job: TIMEOUT; its exit code may still arrive",
    });
    await fixture.exit(0);
    expect((await log).toString()).toBe("begun\n");
    expect(await fixture.state()).toMatchObject({ state: "ended", exitCode: 0 });
  });

  it("that its launcher has forgotten cannot begin later", async ({ expect, onTestFinished }) => {
    const fixture = await createQueue(onTestFinished, [{ state: "absent" }]);
    await fixture.start();
    expect(await followToEnd(fixture.session, fixture.job.id)).toMatchObject({ state: "lost", logBytes: 0 });
    expect((await fixture.runWrapper()).exitCode).toBe(0);
    expect(await fixture.state()).toMatchObject({ state: "lost", logBytes: 0 });
  });

  it("was never started when nothing was submitted, and following ends", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await createQueue(onTestFinished, [{ state: "absent" }]);
    const start = () => Promise.reject(new Error("killed here"));
    const dying = await fixture.machine.connect({ launchers: [{ ...fixture.launcher, start }] });
    await expect(dying.start(fixture.job, {}, testContext())).rejects.toThrow("killed here");
    expect(readFileSync(join(fixture.folder, "launcher"), "utf8")).toBe("queue\n\nelsewhere\n");
    expect(await followToEnd(fixture.session, fixture.job.id)).toEqual({ state: "never-started" });
  });

  it("shows the reason for waiting once", async ({ expect, onTestFinished }) => {
    const queued: LauncherState = { state: "queued", queue: { reason: "Priority" } };
    const fixture = await createQueue(onTestFinished, [queued, queued, queued, queued, running]);
    await fixture.start();
    const context = testContext();
    const following = (async () => {
      for await (const _part of fixture.session.follow(fixture.job.id, 0, context));
    })();
    await expect.poll(() => context.statusMessages.length).toBe(2);
    await fixture.claim();
    await fixture.exit(0);
    await following;
    expect(context.statusMessages).toEqual([
      "waiting: in the queue of queue (Priority)",
      "waiting: queue is starting the job on n1, n2",
    ]);
  });

  it("goes to the next launcher when one refuses it, and stays prepared when one does not answer", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await createQueue(onTestFinished, [{ state: "absent" }]);
    const failing = (code: "REMOTE_COMMAND" | "PROVIDER_UNAVAILABLE"): JobLauncher => ({
      ...fixture.launcher,
      start: () => Promise.reject(new UnitrainError(code, "no partition")),
    });
    const waiting = await fixture.machine.connect({ launchers: [failing("PROVIDER_UNAVAILABLE")] });
    await expect(waiting.start(fixture.job, {}, testContext())).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
    });
    const refusing = await fixture.machine.connect({ launchers: [failing("REMOTE_COMMAND")] });
    await expect(refusing.start(fixture.job, {}, testContext())).rejects.toMatchObject({
      code: "JOB_NOT_STARTED",
      message: expect.stringContaining("no partition"),
    });
    const launching = await fixture.machine.connect();
    await launching.start(fixture.job, {}, testContext());
    expect((await readLog(launching, fixture.job.id)).toString()).toBe("begun\n");
  });

  it("that needs several nodes is refused by a launcher for one machine", async ({
    expect,
    onTestFinished,
  }) => {
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect();
    const job = machine.job("echo never", { needs: { gpus: 0, nodes: 2 } });
    await expect(session.start(job, {}, testContext())).rejects.toMatchObject({
      code: "JOB_NOT_STARTED",
      message: expect.stringContaining("2 nodes are needed"),
    });
    await rm(job.cwd, { recursive: true, force: true });
  });
});
