import { createLife, type Life } from "@unitrain/conformance";
import { expect } from "vitest";
import { sideBySide } from "../engine/side-by-side.ts";
import { type CloudStage, onCloud } from "./cloud-harness.ts";
import { reads } from "./unreadable.ts";

async function wholeRun(stage: CloudStage, life: Life): Promise<void> {
  const run = async () => {
    const unitrain = stage.process(life);
    const plan = await unitrain.plan({ data: ".", out: stage.out, budgetUsd: 8 });
    await (await unitrain.start(plan)).result;
  };
  await Promise.race([run(), life.death]);
}

/**
 * Kills a client at the steps that are chosen; from that moment on CanopyWave answers 503 to every question. An instance whose id
 * is in the ledger is terminated by `gc` all the same, and `gc` does not call it gone.
 */
export async function killUnreadable(isChosen: (step: string) => boolean): Promise<number> {
  const life = createLife();
  await onCloud((stage) => wholeRun(stage, life));
  const chosen = [...life.steps.entries()].filter(([, step]) => isChosen(step));
  let terminated = 0;
  await sideBySide(chosen, async ([killAt, step]) => {
    const where = `killed at ${killAt}, ${step}`;
    await onCloud(async (stage) => {
      await wholeRun(stage, createLife(killAt));
      const [run] = await stage.process().runs();
      const id = run?.unreleased.find(({ kind }) => kind === "instance")?.id;
      stage.emulator.inject({ fault: "server-error-empty", calls: reads, times: Number.POSITIVE_INFINITY });
      const report = await stage.process().gc({ downloadWithinMs: 60_000 });
      if (id !== undefined) {
        expect(stage.ours(), where).not.toContain(`instance ${id}`);
        expect(
          report.unconfirmed.map(({ resource }) => resource.id),
          where,
        ).toContain(id);
        terminated += 1;
      }
      stage.emulator.clearFaults();
      expect((await stage.process().gc()).unconfirmed, where).toEqual([]);
      expect(stage.ours(), where).toEqual([]);
      stage.expectOthersUntouched(where);
    });
  });
  return terminated;
}
