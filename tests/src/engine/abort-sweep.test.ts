import { createLife } from "@unitrain/conformance";
import { UnitrainError } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { createStage, eventsOf, startRun } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

describe("the user's abort signal", () => {
  test.each(["rented", "borrowed"] as const)(
    "at every step of a run on a %s machine ends it and leaves nothing",
    async (ownership) => {
      const whole = createLife();
      const first = await createStage({ ownership });
      await (await startRun(first.process({ life: whole }), first)).result;
      expect(whole.steps.length).toBeGreaterThan(40);

      await sideBySide(whole.steps.entries(), async ([abortAt, step]) => {
        const where = `aborted at ${abortAt}, ${step}`;
        const stage = await createStage({ ownership });
        const abort = new AbortController();
        const life = createLife();
        const counting = {
          ...life,
          async pass(name: string) {
            if (life.steps.length === abortAt) abort.abort();
            await life.pass(name);
          },
        };
        let outcome = "not started";
        try {
          const run = await startRun(stage.process({ life: counting }), stage, abort.signal);
          const events = await eventsOf(run);
          const end = events.at(-1);
          outcome = end?.type === "finished" ? end.outcome : "no end";
          await run.result.catch((error) => {
            expect(UnitrainError.isInstance(error) && error.code, where).toBe("CANCELLED");
          });
        } catch (error) {
          expect(UnitrainError.isInstance(error) && error.code, where).toBe("CANCELLED");
        }
        expect(["stopped", "completed", "not started"], where).toContain(outcome);
        expect(stage.world.alive(), where).toEqual([]);
        expect(
          [...stage.world.files.keys()].filter((path) => path.includes("/runs/")),
          where,
        ).toEqual(ownership === "borrowed" || outcome === "not started" ? [] : expect.anything());
      });
    },
  );

  test("while the job runs stops it, brings home what is there and gives back", async () => {
    const stage = await createStage();
    const abort = new AbortController();
    const run = await startRun(stage.process(), stage, abort.signal);
    for await (const event of run.events) if (event.type === "progress" && event.done === 2) break;
    abort.abort();
    const { outcome, artifacts } = await run.result;
    expect(outcome).toBe("stopped");
    expect(artifacts.map(({ path }) => path)).toContain("weights/best.model");
    expect(stage.world.alive()).toEqual([]);
  });

  test("leaving the scope of `await using` ends the run and gives back", async () => {
    const stage = await createStage();
    {
      await using run = await startRun(stage.process(), stage);
      for await (const event of run.events) if (event.type === "machine") break;
    }
    expect(stage.world.alive()).toEqual([]);
    expect(stage.world.bill.length).toBe(3);
  });
});
