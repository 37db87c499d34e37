import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { describe, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { endOf, logOf } from "../../test/follow-to-end.ts";
import { type AtEnd, testMachine } from "../../test/test-machine.ts";
import type { JobLauncher, LauncherState } from "./launcher.ts";

/** A queue that says what a test has it say; its nodes are folders that nobody else looks into. */
async function queueBed(onTestFinished: AtEnd, states: readonly LauncherState[], filesDelayMs = 0) {
  const machine = await testMachine(onTestFinished);
  const left = [...states];
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
      const [next = { state: "absent" }] = left;
      if (left.length > 1) left.shift();
      return next;
    },
    stop: async () => {},
  };
  const session = await machine.connect({ launchers: [launcher] });
  // Its own id: at the end of the test a session without this launcher stops the machine's jobs, which it cannot.
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
    /** As on a node: what claims the job there is no process of this machine. */
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
  it("is never looked for among the processes of this one", async ({ expect, onTestFinished }) => {
    const bed = await queueBed(onTestFinished, [running]);
    await bed.start();
    expect(await bed.state()).toEqual({ state: "waiting", detail: "queue is starting it on n1, n2" });
    await bed.claim();
    expect(await bed.state()).toEqual({ state: "running", logBytes: 6, nodes: ["n1", "n2"] });
    const log = logOf(bed.session, bed.job.id);
    await bed.exit(0);
    expect((await log).toString()).toBe("begun\n");
    expect(await bed.state()).toEqual({ state: "ended", exitCode: 0, logBytes: 6 });
  });

  it("is unknown while its launcher cannot be asked, and unknown to who does not know the launcher", async ({
    expect,
    onTestFinished,
  }) => {
    const bed = await queueBed(onTestFinished, [{ state: "unknown", detail: "no answer" }]);
    await bed.start();
    expect(await bed.state()).toEqual({ state: "unknown", detail: "no answer" });
    await bed.claim();
    expect(await bed.state()).toEqual({ state: "unknown", detail: "no answer" });
    const stranger = await bed.machine.connect();
    expect(await stranger.getJobState(bed.job.id, testContext())).toMatchObject({ state: "unknown" });
    await expect(stranger.stop(bed.job.id, 0, testContext())).rejects.toMatchObject({
      code: "REMOTE_COMMAND",
      message: expect.stringContaining("queue runs it elsewhere"),
    });
    await bed.exit(3);
    expect(await bed.state()).toMatchObject({ state: "ended", exitCode: 3 });
  });

  it("keeps the reason of its end, which a launcher forgets, and its exit code counts", async ({
    expect,
    onTestFinished,
  }) => {
    // Slurm for one says for a while that a job runs which has ended.
    const bed = await queueBed(onTestFinished, [running, timedOut, { state: "absent" }]);
    await bed.start();
    await bed.claim();
    await bed.exit(143);
    const ended = { state: "ended", exitCode: 143, ending: { reason: "time-limit", detail: "TIMEOUT" } };
    expect(await bed.state()).toMatchObject(ended);
    expect(await bed.state()).toMatchObject(ended);
  });

  it("without an exit code is lost once its launcher says that it ended, and following it ends", async ({
    expect,
    onTestFinished,
  }) => {
    const bed = await queueBed(onTestFinished, [running, running, timedOut, { state: "absent" }]);
    await bed.start();
    await bed.claim();
    expect((await logOf(bed.session, bed.job.id)).toString()).toBe("begun\n");
    expect(await bed.state()).toEqual({
      state: "lost",
      detail: "queue ended it: TIMEOUT",
      logBytes: 6,
      ending: { reason: "time-limit", detail: "TIMEOUT" },
    });
  });

  it("is given time for its exit code, which a network disk may show late", async ({
    expect,
    onTestFinished,
  }) => {
    const bed = await queueBed(onTestFinished, [running, timedOut, { state: "absent" }], 600_000);
    await bed.start();
    await bed.claim();
    const log = logOf(bed.session, bed.job.id);
    await expect.poll(bed.state).toEqual({
      state: "unknown",
      detail: "queue ended it: TIMEOUT; its exit code may still come",
    });
    await bed.exit(0);
    expect((await log).toString()).toBe("begun\n");
    expect(await bed.state()).toMatchObject({ state: "ended", exitCode: 0 });
  });

  it("that its launcher knows nothing of any more cannot begin later", async ({ expect, onTestFinished }) => {
    const bed = await queueBed(onTestFinished, [{ state: "absent" }]);
    await bed.start();
    expect(await endOf(bed.session, bed.job.id)).toMatchObject({ state: "lost", logBytes: 0 });
    expect((await bed.runWrapper()).exitCode).toBe(0);
    expect(await bed.state()).toMatchObject({ state: "lost", logBytes: 0 });
  });

  it("was never started where nothing was submitted: following says so by ending", async ({
    expect,
    onTestFinished,
  }) => {
    const bed = await queueBed(onTestFinished, [{ state: "absent" }]);
    const start = () => Promise.reject(new Error("killed here"));
    const dying = await bed.machine.connect({ launchers: [{ ...bed.launcher, start }] });
    await expect(dying.start(bed.job, {}, testContext())).rejects.toThrow("killed here");
    expect(readFileSync(join(bed.folder, "launcher"), "utf8")).toBe("queue\n\nelsewhere\n");
    expect(await endOf(bed.session, bed.job.id)).toEqual({ state: "never-started" });
  });

  it("says why it waits, once", async ({ expect, onTestFinished }) => {
    const queued: LauncherState = { state: "queued", queue: { reason: "Priority" } };
    const bed = await queueBed(onTestFinished, [queued, queued, queued, queued, running]);
    await bed.start();
    const context = testContext();
    const following = (async () => {
      for await (const _part of bed.session.follow(bed.job.id, 0, context));
    })();
    await expect.poll(() => context.said.length).toBe(2);
    await bed.claim();
    await bed.exit(0);
    await following;
    expect(context.said).toEqual([
      "waiting: in the queue of queue (Priority)",
      "waiting: queue is starting it on n1, n2",
    ]);
  });

  it("whose launcher refuses it goes to the next one; one that cannot be asked keeps it prepared", async ({
    expect,
    onTestFinished,
  }) => {
    const bed = await queueBed(onTestFinished, [{ state: "absent" }]);
    const failing = (code: "REMOTE_COMMAND" | "PROVIDER_UNAVAILABLE"): JobLauncher => ({
      ...bed.launcher,
      start: () => Promise.reject(new UnitrainError(code, "no partition")),
    });
    const waiting = await bed.machine.connect({ launchers: [failing("PROVIDER_UNAVAILABLE")] });
    await expect(waiting.start(bed.job, {}, testContext())).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
    });
    const refusing = await bed.machine.connect({ launchers: [failing("REMOTE_COMMAND")] });
    await expect(refusing.start(bed.job, {}, testContext())).rejects.toMatchObject({
      code: "JOB_NOT_STARTED",
      message: expect.stringContaining("no partition"),
    });
    const here = await bed.machine.connect();
    await here.start(bed.job, {}, testContext());
    expect((await logOf(here, bed.job.id)).toString()).toBe("begun\n");
  });

  it("needs a launcher that runs on several nodes where the job does", async ({ expect, onTestFinished }) => {
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect();
    const job = machine.job("echo never", { needs: { gpus: 0, nodes: 2 } });
    await expect(session.start(job, {}, testContext())).rejects.toMatchObject({
      code: "JOB_NOT_STARTED",
      message: expect.stringContaining("2 are needed"),
    });
    await rm(job.cwd, { recursive: true, force: true });
  });
});
