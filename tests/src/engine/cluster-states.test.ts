import {
  createLife,
  memoryFramework,
  memoryProvider,
  memoryTransport,
  mortalPorts,
} from "@unitrain/conformance";
import { createUnitrain } from "@unitrain/core";
import type { JobState, Transport } from "@unitrain/core/spec";
import { expect, test } from "vitest";
import { createStage, type Stage, startRun } from "./engine-harness.ts";

/** A process that is told these states of its job by its transport, in turn. */
function toldOf(stage: Stage, states: readonly ((real: JobState) => JobState)[]) {
  const life = createLife();
  const inner = memoryTransport(stage.world, life);
  let looks = 0;
  const transport: Transport = {
    ...inner,
    async connect(machine, context) {
      const session = await inner.connect(machine, context);
      if ("ready" in session) return session;
      return {
        ...session,
        async getJobState(jobId, call) {
          const real = await session.getJobState(jobId, call);
          if (jobId.endsWith("-environment")) return real;
          looks += 1;
          return states[looks - 1]?.(real) ?? real;
        },
      };
    },
  };
  const unitrain = createUnitrain({
    home: stage.home,
    guardian: false,
    ports: mortalPorts(life, stage.clock, stage.locks),
    provider: memoryProvider(stage.world),
    transport,
    framework: memoryFramework(stage.world, life),
  });
  return { unitrain, looks: () => looks };
}

test("a job whose launcher cannot be asked goes on, until it can", async () => {
  const stage = await createStage();
  const unknown = (): JobState => ({ state: "unknown", detail: "the queue does not answer" });
  const { unitrain, looks } = toldOf(stage, [unknown, unknown, unknown]);
  const run = await startRun(unitrain, stage);
  expect((await run.result).outcome).toBe("completed");
  expect(looks()).toBe(4);
});

test("a job that a cluster ended says why", async () => {
  const stage = await createStage();
  const detail = "TIMEOUT (TimeLimit)";
  const timedOut = (real: JobState): JobState => ({
    state: "ended",
    exitCode: 143,
    logBytes: "logBytes" in real ? real.logBytes : 0,
    ending: { reason: "time-limit", detail },
  });
  const run = await startRun(toldOf(stage, [timedOut]).unitrain, stage);
  await expect(run.result).rejects.toMatchObject({
    code: "TRAINING_FAILED",
    message: expect.stringContaining(`exit code 143, ended by the cluster: ${detail}`),
  });
});

test("several nodes are refused where the offer has one", async () => {
  const stage = await createStage();
  const plan = stage.process().plan({ data: ".", out: stage.out, machine: { nodes: 2 } });
  await expect(plan).rejects.toMatchObject({ code: "NOT_AVAILABLE", phase: "plan" });
});
