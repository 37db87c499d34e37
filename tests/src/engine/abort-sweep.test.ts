import { createLifetime } from "@unitrain/conformance";
import { UnitrainError } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, startRun } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

describe("the user's abort signal", () => {
  test.each(["rented", "borrowed"] as const)(
    "ends a run on a %s machine at every step and leaves nothing behind",
    async (ownership) => {
      const fullLife = createLifetime();
      const first = await createEngineHarness({ ownership });
      await (await startRun(first.process({ lifetime: fullLife }), first)).result;
      expect(fullLife.steps.length).toBeGreaterThan(40);

      await sideBySide(fullLife.steps.entries(), async ([abortAt, step]) => {
        const label = `aborted at ${abortAt}, ${step}`;
        const harness = await createEngineHarness({ ownership });
        const abort = new AbortController();
        const lifetime = createLifetime();
        const counting = {
          ...lifetime,
          async pass(name: string) {
            if (lifetime.steps.length === abortAt) abort.abort();
            await lifetime.pass(name);
          },
        };
        let outcome = "not started";
        try {
          const run = await startRun(harness.process({ lifetime: counting }), harness, abort.signal);
          const events = await collectEvents(run);
          const end = events.at(-1);
          outcome = end?.type === "finished" ? end.outcome : "no end";
          await run.result.catch((error) => {
            expect(UnitrainError.isInstance(error) && error.code, label).toBe("CANCELLED");
          });
        } catch (error) {
          expect(UnitrainError.isInstance(error) && error.code, label).toBe("CANCELLED");
        }
        expect(["stopped", "completed", "not started"], label).toContain(outcome);
        expect(harness.cloud.alive(), label).toEqual([]);
        expect(
          [...harness.cloud.files.keys()].filter((path) => path.includes("/runs/")),
          label,
        ).toEqual(ownership === "borrowed" || outcome === "not started" ? [] : expect.anything());
      });
    },
  );

  test("stops a running job, downloads the results and releases", async () => {
    const harness = await createEngineHarness();
    const abort = new AbortController();
    const run = await startRun(harness.process(), harness, abort.signal);
    for await (const event of run.events) if (event.type === "progress" && event.done === 2) break;
    abort.abort();
    const { outcome, artifacts } = await run.result;
    expect(outcome).toBe("stopped");
    expect(artifacts.map(({ path }) => path)).toContain("weights/best.model");
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("leaving the scope of `await using` ends the run and releases", async () => {
    const harness = await createEngineHarness();
    {
      await using run = await startRun(harness.process(), harness);
      for await (const event of run.events) if (event.type === "machine") break;
    }
    expect(harness.cloud.alive()).toEqual([]);
    expect(harness.cloud.bill.length).toBe(3);
  });
});
