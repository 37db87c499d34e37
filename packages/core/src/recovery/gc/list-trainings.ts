import type { GcOptions, GcTraining } from "../../api/gc-report.ts";
import { losesTraining } from "../../run/holds-training.ts";
import type { LedgerState } from "../../state/ledger-state.ts";
import type { FoundRun } from "../../state/run-list.ts";

/** How a run that `gc` drove has ended. */
export interface Driven {
  readonly state: LedgerState;
  readonly reason: string | undefined;
  readonly lostBecause: string | undefined;
}

/** Reports what happened to the model of a run that may have had one. */
export function listTrainings(
  { trainings }: GcOptions,
  found: FoundRun,
  { state, lostBecause: reason }: Driven,
): GcTraining[] {
  if (!losesTraining(found.reading.state)) return [];
  const files = state.artifacts ?? [];
  const training = { runId: found.id, name: found.name, files };
  const model = files.find(({ role }) => role === "model");
  if (model !== undefined) return [{ ...training, model: "downloaded", path: model.localPath }];
  if (trainings === "discard") return [{ ...training, model: "discarded" }];
  if (state.artifacts !== undefined) return [{ ...training, model: "none" }];
  return [{ ...training, model: "lost", ...(reason === undefined ? {} : { reason }) }];
}
