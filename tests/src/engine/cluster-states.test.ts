import {
  createLifetime,
  killablePorts,
  memoryFramework,
  memoryProvider,
  memoryTransport,
} from "@unitrain/conformance";
import { createUnitrain } from "@unitrain/core";
import type { JobState, Transport } from "@unitrain/core/spec";
import { expect, test } from "vitest";
import { createEngineHarness, type EngineHarness, startRun } from "./engine-harness.ts";

/** Creates a process whose transport returns these states of its job, one after the other. */
function createProcessWithJobStates(
  harness: EngineHarness,
  states: readonly ((real: JobState) => JobState)[],
) {
  const lifetime = createLifetime();
  const inner = memoryTransport(harness.cloud, lifetime);
  let polls = 0;
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
          polls += 1;
          return states[polls - 1]?.(real) ?? real;
        },
      };
    },
  };
  const unitrain = createUnitrain({
    home: harness.home,
    guardian: false,
    ports: killablePorts(lifetime, harness.clock, harness.locks),
    provider: memoryProvider(harness.cloud),
    transport,
    framework: memoryFramework(harness.cloud, lifetime),
  });
  return { unitrain, polls: () => polls };
}

test("a job keeps running while its launcher does not answer", async () => {
  const harness = await createEngineHarness();
  const unknown = (): JobState => ({ state: "unknown", detail: "the queue does not answer" });
  const { unitrain, polls } = createProcessWithJobStates(harness, [unknown, unknown, unknown]);
  const run = await startRun(unitrain, harness);
  expect((await run.result).outcome).toBe("completed");
  expect(polls()).toBe(4);
});

test("a job that a cluster ended reports the reason", async () => {
  const harness = await createEngineHarness();
  const detail = "TIMEOUT (TimeLimit)";
  const timedOut = (real: JobState): JobState => ({
    state: "ended",
    exitCode: 143,
    logBytes: "logBytes" in real ? real.logBytes : 0,
    ending: { reason: "time-limit", detail },
  });
  const run = await startRun(createProcessWithJobStates(harness, [timedOut]).unitrain, harness);
  await expect(run.result).rejects.toMatchObject({
    code: "TRAINING_FAILED",
    message: expect.stringContaining(`exit code 143, ended by the cluster: ${detail}`),
  });
});

test("refuses several nodes when the offer has one", async () => {
  const harness = await createEngineHarness();
  const plan = harness.process().plan({ data: ".", out: harness.out, machine: { nodes: 2 } });
  await expect(plan).rejects.toMatchObject({ code: "NOT_AVAILABLE", phase: "plan" });
});
