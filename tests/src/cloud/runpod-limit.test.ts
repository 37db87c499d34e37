import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FaultName, startEmulator } from "@unitrain/cloud-emulator/runpod";
import {
  createLifetime,
  killablePorts,
  memoryCloud,
  memoryFramework,
  memoryLocks,
  memoryTransport,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain, type PlanOptions } from "@unitrain/core";
import { runpod } from "@unitrain/provider-runpod";
import { expect, onTestFinished, test } from "vitest";

/** Runs a training on an emulated RunPod. Returns its end, and the time at which RunPod itself would have terminated the pod. */
async function train(limits: Partial<PlanOptions>, faults: readonly FaultName[] = []) {
  const home = await mkdtemp(join(tmpdir(), "unitrain-runpod-"));
  const clock = virtualClock();
  const memory = memoryCloud(clock);
  const lifetime = createLifetime();
  const emulator = await startEmulator({ folder: join(home, "cloud"), clock });
  onTestFinished(async () => {
    await emulator.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const deadlines: (number | null)[] = [];
  emulator.watch(({ stage, request: { call } }) => {
    if (stage === "done" && (call === "create" || call === "deploy"))
      deadlines.push(emulator.instances().findLast(({ isForeign }) => !isForeign)?.terminateAfterMs ?? null);
  });
  const unitrain = createUnitrain({
    home,
    guardian: false,
    ports: killablePorts(lifetime, clock, memoryLocks()),
    provider: runpod({
      baseUrl: emulator.url,
      apiKey: emulator.apiKey,
      now: clock.now,
      gpu: "RTX 4090",
      timeoutMs: 1_000,
      fetch: (input, init) => clock.holdDeadlinesDuring(fetch(input, init)),
    }),
    transport: memoryTransport(memory, lifetime, ["ssh"]),
    framework: memoryFramework(memory, lifetime),
  });
  for (const fault of faults) emulator.inject({ fault });
  const plan = await unitrain.plan({ data: ".", out: join(home, "out"), ...limits });
  const startedMs = clock.now();
  const run = await unitrain.start(plan);
  const { outcome, receipt } = await run.result;
  const ours = emulator.instances().filter(({ isForeign }) => !isForeign);
  const bill = emulator.bill();
  return { plan, outcome, receipt, ours, deadlines, startedMs, bill };
}

test("the budget of a run arms RunPod's own deadline 10 minutes after the limit, and the run ends before it", async () => {
  const { plan, outcome, ours, deadlines, startedMs, bill } = await train({ budgetUsd: 2 });
  expect(outcome).toBe("completed");
  const limitMs = (plan.limit?.seconds ?? 0) * 1000;
  expect(limitMs).toBeGreaterThan(3_600_000);
  expect(deadlines).toEqual([expect.closeTo(startedMs + limitMs + 600_000, -4)]);
  expect(ours).toEqual([]);
  expect(bill.mostInstancesAtOnce()).toBe(1);
  expect(bill.totalUsd).toBeLessThan(2);
});

test("a run without a limit, and a machine that is kept for the next run, get no deadline", async () => {
  for (const limits of [{}, { maxHours: 2, keepMinutes: 30 }]) {
    const { deadlines } = await train(limits);
    expect(deadlines).toEqual([null]);
  }
});

test("a budget that pays for no training is refused before anything is rented", async () => {
  await expect(train({ budgetUsd: 0.01 })).rejects.toMatchObject({ code: "BUDGET_TOO_SMALL" });
});

test("a lost answer to the request for a pod makes no second one, and the cost counts from the first", async () => {
  const { outcome, ours, bill, receipt } = await train({ budgetUsd: 2 }, ["launch-answer-lost"]);
  expect(outcome).toBe("completed");
  expect(ours).toEqual([]);
  expect(bill.mostInstancesAtOnce()).toBe(1);
  expect(receipt.lease.costUsd).toBeGreaterThanOrEqual(bill.totalUsd - 0.01);
});
