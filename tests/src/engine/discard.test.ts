import { createLifetime } from "@unitrain/conformance";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness } from "./engine-harness.ts";

const epochs = Array.from({ length: 60 }, (_, at) => `epoch ${at + 1}/60 loss 0.5\n`).join("");

async function trainingRun(diesAt?: string) {
  const harness = await createEngineHarness({ priceUsdPerHour: 3.6 });
  harness.cloud.training.log = epochs;
  harness.cloud.training.durationMs = 3600_000;
  const lifetime = createLifetime();
  const pass = lifetime.pass.bind(lifetime);
  lifetime.pass = async (step) => {
    if (step === diesAt) lifetime.kill();
    return pass(step);
  };
  const unitrain = harness.process({ lifetime });
  const run = await unitrain.start(await unitrain.plan({ data: ".", out: harness.out }));
  for await (const event of run.events) if (event.type === "progress" && event.done === 2) break;
  return { harness, lifetime, run };
}

describe("releasing a rented machine at once", () => {
  test("downloads nothing, and is not reported as a failure", async () => {
    const { harness, run } = await trainingRun();
    await run.stop({ discard: true });
    const events = await collectEvents(run);
    const finished = events.find((event) => event.type === "finished");
    expect(finished).toMatchObject({ outcome: "stopped", receipt: { artifacts: [], stoppedBy: "user" } });
    expect(events.some((event) => event.type === "phase" && event.phase === "download")).toBe(false);
    await expect(run.result).rejects.toMatchObject({ code: "CANCELLED" });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is completed by the guardian when the process is killed meanwhile", async () => {
    const { harness, lifetime, run } = await trainingRun("ledger failed: after");
    void run.stop({ discard: true });
    await lifetime.death;
    const guardian = createLifetime();
    await harness.process({ lifetime: guardian }).guard();
    expect(harness.cloud.alive()).toEqual([]);
    expect(guardian.steps.filter((step) => /session\.(stop|list|fetch)/.test(step))).toEqual([]);
  });
});
