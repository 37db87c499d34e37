import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "@unitrain/core/spec";
import { describe, it } from "vitest";
import { testContext } from "../../../packages/transport-posix/test/context.ts";
import {
  followToEnd,
  readLog,
  waitForLogText,
} from "../../../packages/transport-posix/test/follow-to-end.ts";
import { isAlive } from "../../../packages/transport-posix/test/processes.ts";
import type { OnEnd } from "../../../packages/transport-posix/test/test-machine.ts";
import { clusterSession } from "./cluster-session.ts";
import { sbatch } from "./sbatch-launcher.ts";
import { useSlurm } from "./use-slurm.ts";

const slurm = useSlurm();

const hold = { options: ["--hold"] };

describe.concurrent("a job that sbatch launches", () => {
  it("waits in the queue with a reason, runs, can be followed, and ends with its exit code", async ({
    expect,
    onTestFinished,
  }) => {
    const { session, job, slurmName } = await clusterSession(
      onTestFinished,
      "echo begun; sleep 2; echo done; exit 7",
      hold,
    );
    await session.start(job, {}, testContext());
    expect(await session.getJobState(job.id, testContext())).toEqual({
      state: "waiting",
      detail: "in the queue of slurm (JobHeldUser)",
      queue: { reason: "JobHeldUser", since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/) },
    });
    const context = testContext();
    const log: Buffer[] = [];
    const following = (async () => {
      for await (const part of session.follow(job.id, 0, context))
        if (part.kind === "log") log.push(Buffer.from(part.bytes));
    })();
    await expect.poll(() => context.statusMessages).toContain("waiting: in the queue of slurm (JobHeldUser)");
    slurm().ask("scontrol", "release", `jobname=${slurmName}`);
    await expect.poll(() => Buffer.concat(log).toString(), { timeout: 20_000 }).toContain("begun");
    expect(await session.getJobState(job.id, testContext())).toMatchObject({
      state: "running",
      nodes: [expect.stringMatching(/^n[12]$/)],
    });
    await following;
    expect(Buffer.concat(log).toString()).toBe("begun\ndone\n");
    expect(await session.getJobState(job.id, testContext())).toEqual({
      state: "ended",
      exitCode: 7,
      logBytes: 11,
    });
  });

  it("is one job when it is started twice, also by a client that ended before it received the job number", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await clusterSession(onTestFinished, "echo once", hold);
    const { job, session, launcher, slurmName } = fixture;
    const dying = await fixture.connect({
      ...launcher,
      async start(shell, prepared) {
        await launcher.start(shell, prepared);
        throw new Error("killed here");
      },
    });
    await expect(dying.start(job, {}, testContext())).rejects.toThrow("killed here");
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "waiting" });
    await session.start(job, {}, testContext());
    await session.start(job, {}, testContext());
    expect(listQueueRows(slurmName)).toHaveLength(1);
    slurm().ask("scontrol", "release", `jobname=${slurmName}`);
    expect((await readLog(session, job.id)).toString()).toBe("once\n");
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 0 });
    await session.start(job, {}, testContext());
    expect(listQueueRows(slurmName)).toHaveLength(1);
  });

  it("runs once when two clients submit it at the same time", async ({ expect, onTestFinished }) => {
    const { job, session, connect } = await clusterSession(onTestFinished, "echo once; exit 4");
    const second = await connect();
    await Promise.all([session.start(job, {}, testContext()), second.start(job, {}, testContext())]);
    expect((await readLog(session, job.id)).toString()).toBe("once\n");
    expect(await second.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 4 });
  });

  it("needs one query for the states of all jobs, for all clients of a work folder", async ({
    expect,
    onTestFinished,
  }) => {
    const { job, folder, connect } = await clusterSession(onTestFinished, "echo never", hold);
    const patient = sbatch({ ...hold, pollSeconds: 600 });
    const [session, second] = [await connect(patient), await connect(patient)];
    await session.start(job, {}, testContext());
    const getQueryTime = async () => (await stat(join(folder, "../../queue"))).mtimeMs;
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "waiting" });
    const askedAt = await getQueryTime();
    for (const client of [session, second])
      expect(await client.getJobState(job.id, testContext())).toMatchObject({ state: "waiting" });
    expect(await getQueryTime()).toBe(askedAt);
  });

  it("that was never submitted is reported as such, and can be started", async ({
    expect,
    onTestFinished,
  }) => {
    const fixture = await clusterSession(onTestFinished, "echo once");
    const { job, session, launcher } = fixture;
    const dying = await fixture.connect({
      ...launcher,
      start: () => Promise.reject(new Error("killed here")),
    });
    await expect(dying.start(job, {}, testContext())).rejects.toThrow("killed here");
    expect(await followToEnd(session, job.id)).toEqual({ state: "never-started" });
    await session.start(job, {}, testContext());
    expect((await readLog(session, job.id)).toString()).toBe("once\n");
  });

  it("that Slurm refuses is reported as not started, with Slurm's message", async ({
    expect,
    onTestFinished,
  }) => {
    const { session, job } = await clusterSession(onTestFinished, ":", { options: ["--partition=nowhere"] });
    await expect(session.start(job, {}, testContext())).rejects.toMatchObject({
      code: "JOB_NOT_STARTED",
      message: expect.stringContaining("invalid partition"),
    });
  });

  it("is removed from the queue by a stop", async ({ expect, onTestFinished }) => {
    const { session, job, slurmName } = await clusterSession(onTestFinished, "echo never", hold);
    await session.start(job, {}, testContext());
    await session.stop(job.id, 1_000, testContext());
    expect(listQueueRows(slurmName)).toEqual([expect.stringContaining("CANCELLED")]);
    expect(await followToEnd(session, job.id)).toMatchObject({ state: "ended", exitCode: 143, logBytes: 0 });
  });

  it("gets TERM from a stop, and keeps the exit code of its trap", async ({ expect, onTestFinished }) => {
    const { session, job } = await running(
      onTestFinished,
      "trap 'echo saved; exit 7' TERM; sleep 300 & echo pid $!; echo pid $$; wait",
    );
    const pids = await readPids(session, job.id);
    await session.stop(job.id, 10_000, testContext());
    expect(await followToEnd(session, job.id)).toMatchObject({ state: "ended", exitCode: 7 });
    expect((await readLog(session, job.id)).toString()).toContain("saved");
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("that ignores TERM is killed after the grace period", async ({ expect, onTestFinished }) => {
    const { session, job } = await running(
      onTestFinished,
      "trap '' TERM; echo pid $$; while :; do sleep 0.2; done",
    );
    const pids = await readPids(session, job.id);
    await session.stop(job.id, 1_000, testContext());
    expect(await followToEnd(session, job.id)).toMatchObject({ state: "ended", exitCode: 137 });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("that somebody else cancels in the queue is reported as lost, with the reason", async ({
    expect,
    onTestFinished,
  }) => {
    const { session, job, slurmName } = await clusterSession(onTestFinished, "echo never", hold);
    await session.start(job, {}, testContext());
    slurm().ask("scancel", `--name=${slurmName}`);
    expect(await followToEnd(session, job.id)).toMatchObject({
      state: "lost",
      ending: { reason: "cancelled" },
    });
  });

  it("runs on two nodes, one rank each", async ({ expect, onTestFinished }) => {
    const script = `srun --ntasks=2 --ntasks-per-node=1 sh -c 'echo "rank $SLURM_PROCID of $SLURM_NTASKS on $SLURMD_NODENAME"'; sleep 1`;
    const { session, job } = await clusterSession(onTestFinished, script, { nodes: 2 });
    await session.start(job, {}, testContext());
    await waitForLogText(session, job.id, "rank");
    expect(await session.getJobState(job.id, testContext())).toMatchObject({
      state: "running",
      nodes: ["n1", "n2"],
    });
    const log = (await readLog(session, job.id)).toString();
    expect(log.trim().split("\n").sort()).toEqual(["rank 0 of 2 on n1", "rank 1 of 2 on n2"]);
  });

  it("reports the facts of its node from inside the allocation", async ({ expect, onTestFinished }) => {
    const { session, job, folder, launcher } = await running(onTestFinished, "echo pid $$; exec sleep 300", [
      "--nodelist=n2",
    ]);
    await readPids(session, job.id);
    const shell = { run: (script: string) => session.run({ argv: ["sh", "-c", script] }, testContext()) };
    const inside = launcher.shellInside?.(shell, { jobId: job.id, folder, reference: undefined });
    expect((await inside?.run('echo "$SLURMD_NODENAME"'))?.stdout).toBe("n2\n");
    expect(await session.jobFacts?.(job.id, testContext())).toMatchObject({ os: "Linux" });
  });

  it("that reaches its time limit is reported with that reason", { timeout: 200_000 }, async ({
    expect,
    onTestFinished,
  }) => {
    const { session, job } = await running(onTestFinished, "echo pid $$; exec sleep 300", ["--time=1"]);
    expect(await followToEnd(session, job.id)).toMatchObject({
      state: "ended",
      exitCode: 143,
      ending: { reason: "time-limit", detail: "TIMEOUT (TimeLimit)" },
    });
  });
});

/** These tests stop parts of the cluster. */
describe("a failing cluster", () => {
  it("keeps a job in an unknown state, never gone, while slurmctld is down, and the job continues", async ({
    expect,
    onTestFinished,
  }) => {
    const { session, job } = await running(
      onTestFinished,
      "echo pid $$; until [ -e go ]; do sleep 0.2; done; echo gone on; until [ -e go2 ]; do sleep 0.2; done; exit 3",
    );
    await readPids(session, job.id);
    await slurm().endDaemon("slurmctld");
    // Restores the cluster even after a failure, because the other tests need it.
    onTestFinished(() =>
      slurm()
        .startDaemon("slurmctld")
        .catch(() => {}),
    );
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "unknown" });
    const second = await clusterSession(onTestFinished, ":");
    await expect(second.session.start(second.job, {}, testContext())).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      retryable: true,
    });
    await session.run({ argv: ["touch", join(job.cwd, "go")] }, testContext());
    await waitForLogText(session, job.id, "gone on");
    await slurm().startDaemon("slurmctld");
    await expect
      .poll(() => session.getJobState(job.id, testContext()), { timeout: 30_000, interval: 500 })
      .toMatchObject({ state: "running" });
    await session.run({ argv: ["touch", join(job.cwd, "go2")] }, testContext());
    expect(await followToEnd(session, job.id)).toMatchObject({ state: "ended", exitCode: 3 });
    await second.session.start(second.job, {}, testContext());
    expect(await followToEnd(second.session, second.job.id)).toMatchObject({ state: "ended", exitCode: 0 });
  });

  it("reports a job as lost, with the reason, when its node fails", async ({ expect, onTestFinished }) => {
    const { session, job, folder } = await running(onTestFinished, "echo pid $$; exec sleep 300", [
      "--nodelist=n2",
    ]);
    const [pid = 0] = await readPids(session, job.id);
    const wrapper = Number(/^wrapper=(\d+) /m.exec(await readFile(join(folder, "state"), "utf8"))?.[1]);
    const batch = getParentPid(wrapper);
    for (const first of [getParentPid(batch), batch, wrapper, pid]) process.kill(first, "SIGKILL");
    slurm().ask("scontrol", "update", "nodename=n2", "state=down", "reason=test");
    expect(await followToEnd(session, job.id)).toMatchObject({
      state: "lost",
      ending: { reason: "node-failure" },
    });
  });
});

/** Creates and starts a job. */
async function running(onTestFinished: OnEnd, script: string, options: readonly string[] = []) {
  const fixture = await clusterSession(onTestFinished, script, { options });
  await fixture.session.start(fixture.job, {}, testContext());
  return fixture;
}

/** Waits until the script is ready and returns each `pid <n>` that it printed. */
async function readPids(session: Session, jobId: string): Promise<readonly number[]> {
  const log = await waitForLogText(session, jobId, "pid");
  return [...log.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
}

function listQueueRows(slurmName: string): readonly string[] {
  return slurm().ask("squeue", "-h", "--states=all", `--name=${slurmName}`, "-o", "%i %T").trim().split("\n");
}

function getParentPid(pid: number): number {
  return Number(spawnSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).stdout);
}
