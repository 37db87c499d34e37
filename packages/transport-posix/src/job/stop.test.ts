import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "@unitrain/core/spec";
import { describe, it, vi } from "vitest";
import { testContext } from "../../test/context.ts";
import { followToEnd, waitForLogText } from "../../test/follow-to-end.ts";
import { isAlive } from "../../test/processes.ts";
import { type OnEnd, testMachine } from "../../test/test-machine.ts";

describe.concurrent("stopping a job", () => {
  it("sends TERM to all processes, and keeps the exit code of the job's trap", async ({
    expect,
    onTestFinished,
  }) => {
    const { session, job, pids } = await running(
      onTestFinished,
      "trap 'echo saved; exit 7' TERM; sleep 300 & echo pid $!; echo pid $$; wait",
    );
    await session.stop(job.id, 10_000, testContext());
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 7 });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("gives the exit code 143 without a trap", async ({ expect, onTestFinished }) => {
    const { session, job, pids } = await running(onTestFinished, "echo pid $$; exec sleep 300");
    await session.stop(job.id, 10_000, testContext());
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 143 });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("kills processes that ignore TERM after the grace period, wherever they are", async ({
    expect,
    onTestFinished,
  }) => {
    const deaf = "trap '' TERM HUP INT; echo pid $$; while :; do sleep 0.2; done";
    const { session, job, pids } = await running(
      onTestFinished,
      `setsid sh -c "${deaf.replaceAll("$", "\\$")}" & ${deaf}`,
      2,
    );
    // biome-ignore lint/style/noRestrictedGlobals: a lower bound, which a busy computer cannot miss.
    const now = () => performance.now();
    const begun = now();
    await session.stop(job.id, 1_000, testContext());
    expect(now() - begun).toBeGreaterThan(900);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 137 });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("sends TERM to the first process before the others, which it may need to finish", async ({
    expect,
    onTestFinished,
  }) => {
    const worker = "trap 'echo worker told; exit' TERM; echo pid $$; while :; do sleep 0.1; done";
    const { machine, session, job, pids } = await running(
      onTestFinished,
      `trap 'sleep 0.7; echo first done; exit 3' TERM; sh -c "${worker.replaceAll("$", "\\$")}" & echo pid $$; wait`,
      2,
    );
    await session.stop(job.id, 4_000, testContext());
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 3 });
    const log = readFileSync(join(machine.workFolder, "jobs", job.id, "log"), "utf8");
    expect(log).toMatch(/first done\n(?:Terminated\n)?worker told/);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("gives processes that the first one leaves behind the whole grace period", async ({
    expect,
    onTestFinished,
  }) => {
    const saving = "trap 'sleep 2.6; echo saved; exit' TERM; echo pid $$; while :; do sleep 0.1; done";
    const { machine, session, job, pids } = await running(
      onTestFinished,
      `sh -c "${saving.replaceAll("$", "\\$")}" & echo pid $$; exec sleep 300`,
      2,
    );
    await session.stop(job.id, 15_000, testContext());
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 143 });
    expect(readFileSync(join(machine.workFolder, "jobs", job.id, "log"), "utf8")).toContain("saved");
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("does no harm twice at once, or after the job has ended", async ({ expect, onTestFinished }) => {
    const { session, job } = await running(
      onTestFinished,
      "trap 'sleep 0.5; exit 5' TERM; echo pid $$; sleep 300 & wait",
    );
    await Promise.all([
      session.stop(job.id, 5_000, testContext()),
      session.stop(job.id, 5_000, testContext()),
    ]);
    await session.stop(job.id, 0, testContext());
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 5 });
  });

  it("keeps a prepared job from beginning", async ({ expect, onTestFinished }) => {
    const machine = await testMachine(onTestFinished);
    // A queue that starts the job although it was cancelled.
    let wrapper = "";
    const stopped: string[] = [];
    const session = await machine.connect({
      launchers: [
        {
          name: "queue",
          available: async () => true,
          start: async (_shell, prepared) => {
            wrapper = prepared.wrapper;
            return "42";
          },
          getState: async () => ({ state: "queued", queue: { reason: "Priority" } }),
          stop: async (_shell, { jobId }) => {
            stopped.push(jobId);
          },
        },
      ],
    });
    const job = machine.job("echo never");
    await session.start(job, {}, testContext());
    expect(await session.getJobState(job.id, testContext())).toEqual({
      state: "waiting",
      detail: "in the queue of queue (Priority)",
      queue: { reason: "Priority" },
    });
    const text = readFileSync(wrapper);
    await session.stop(job.id, 1_000, testContext());
    // A stop whose response was lost is repeated.
    await session.stop(job.id, 1_000, testContext());
    expect(stopped).toEqual([job.id, job.id]);
    await mkdir(join(wrapper, ".."), { recursive: true });
    await writeFile(wrapper, text);
    await session.run({ argv: ["sh", wrapper] }, testContext());
    expect(await session.getJobState(job.id, testContext())).toEqual({
      state: "ended",
      exitCode: 143,
      logBytes: 0,
    });
    await session.start(job, {}, testContext());
    expect(await followToEnd(session, job.id)).toMatchObject({ exitCode: 143, logBytes: 0 });
  });

  it("leaves other jobs alone", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await running(onTestFinished, "echo pid $$; exec sleep 300");
    const secondJob = machine.job("echo pid $$; exec sleep 300", { id: `${job.id}x` });
    await session.start(secondJob, {}, testContext());
    await waitForLogText(session, secondJob.id, "pid");
    await session.stop(job.id, 1_000, testContext());
    expect(await session.getJobState(secondJob.id, testContext())).toMatchObject({ state: "running" });
  });
});

/** Starts a job, and waits until it has printed this many lines `pid <n>`. */
async function running(
  onTestFinished: OnEnd,
  script: string,
  count = script.match(/echo pid/g)?.length ?? 0,
) {
  const machine = await testMachine(onTestFinished);
  const session: Session = await machine.connect();
  const job = machine.job(script);
  await session.start(job, {}, testContext());
  const path = join(machine.workFolder, "jobs", job.id, "log");
  let log = "";
  await vi.waitUntil(
    () => {
      log = readFileSync(path, "utf8");
      return log.match(/pid/g)?.length === count;
    },
    { timeout: 10_000 },
  );
  return { machine, session, job, pids: [...log.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid)) };
}
