import type { CallName, FaultName, FaultOrder } from "@unitrain/cloud-emulator/canopywave";
import { type Run, UnitrainError } from "@unitrain/core";
import { expect } from "vitest";
import { type CloudHarness, createCloudHarness } from "./cloud-harness.ts";

/** All reads of a run after its start. */
export const reads: readonly CallName[] = ["projects", "regions", "instances", "instance", "ssh-keys", "ips"];

export type Moment = "connect" | "train" | "release";

/**
 * Executes a run during which CanopyWave cannot be read from one moment on, for two minutes or for ever. It must neither end
 * a machine that trains nor keep one that is no longer needed.
 */
export async function runUnreadable(fault: FaultName, moment: Moment, forMs: number): Promise<void> {
  const label = `${fault} from ${moment} on, for ${forMs} ms`;
  await createCloudHarness(async (harness) => {
    const order: FaultOrder = {
      fault,
      calls: reads,
      ms: 5_000,
      ...(forMs === Number.POSITIVE_INFINITY ? { times: forMs } : { forMs }),
    };
    if (moment === "connect") injectAfterAssociate(harness, order);
    const unitrain = harness.process();
    const plan = await unitrain.plan({ data: ".", out: harness.out, budgetUsd: 8 });
    const run = await unitrain.start(plan);
    const code = await waitForOutcome(run, () => {
      if (moment === "connect") return;
      harness.emulator.inject(order);
      // After a lost connection core asks the provider.
      if (moment === "train") harness.memory.faults.on("session.follow", "cut", 3);
    });
    expect(harness.ours(), label).toEqual([]);
    expect(code, label).toBe(forMs === Number.POSITIVE_INFINITY ? "RELEASE_UNCONFIRMED" : "completed");
    expect(
      harness.emulator.events().filter(({ call }) => call === "launch"),
      label,
    ).toHaveLength(1);
    harness.emulator.clearFaults();
    expect((await harness.process().gc()).unconfirmed, label).toEqual([]);
    harness.expectOthersUntouched(label);
  });
}

function injectAfterAssociate({ emulator }: CloudHarness, order: FaultOrder): void {
  const watch = emulator.watch(({ stage, request }) => {
    if (stage !== "done" || request.call !== "ip-associate") return;
    watch.end();
    // The lease reads the owner back once; from then on nothing can be read.
    emulator.inject({ ...order, skip: 1 });
  });
}

async function waitForOutcome(run: Run, whenItTrains: () => void): Promise<string> {
  for await (const event of run.events) if (event.type === "job" && event.state === "started") whenItTrains();
  try {
    await run.result;
    return "completed";
  } catch (error) {
    if (UnitrainError.isInstance(error)) return error.code;
    throw error;
  }
}
