import { createLife } from "@unitrain/conformance";
import { describe, expect, test } from "vitest";
import { createStage, eventsOf } from "./engine-harness.ts";

const epochs = Array.from({ length: 60 }, (_, at) => `epoch ${at + 1}/60 loss 0.5\n`).join("");

async function trainingRun(diesAt?: string) {
  const stage = await createStage({ priceUsdPerHour: 3.6 });
  stage.world.training.log = epochs;
  stage.world.training.durationMs = 3600_000;
  const life = createLife();
  const pass = life.pass.bind(life);
  life.pass = async (step) => {
    if (step === diesAt) life.kill();
    return pass(step);
  };
  const unitrain = stage.process({ life });
  const run = await unitrain.start(await unitrain.plan({ data: ".", out: stage.out }));
  for await (const event of run.events) if (event.type === "progress" && event.done === 2) break;
  return { stage, life, run };
}

describe("a rented machine that is given back at once", () => {
  test("brings nothing home, and is no failure", async () => {
    const { stage, run } = await trainingRun();
    await run.stop({ discard: true });
    const events = await eventsOf(run);
    const finished = events.find((event) => event.type === "finished");
    expect(finished).toMatchObject({ outcome: "stopped", receipt: { artifacts: [], stoppedBy: "user" } });
    expect(events.some((event) => event.type === "phase" && event.phase === "download")).toBe(false);
    await expect(run.result).rejects.toMatchObject({ code: "CANCELLED" });
    expect(stage.world.alive()).toEqual([]);
  });

  test("is given back at once by the guardian as well, should the process be killed just then", async () => {
    const { stage, life, run } = await trainingRun("ledger failed: after");
    void run.stop({ discard: true });
    await life.death;
    const guardian = createLife();
    await stage.process({ life: guardian }).guard();
    expect(stage.world.alive()).toEqual([]);
    expect(guardian.steps.filter((step) => /session\.(stop|list|fetch)/.test(step))).toEqual([]);
  });
});
