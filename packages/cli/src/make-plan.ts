import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { DataSource, Plan, Unitrain } from "@unitrain/core";
import type { TrainFlags } from "./flags.ts";
import type { Surroundings } from "./surroundings.ts";
import { readWords } from "./words.ts";

export interface Made {
  readonly unitrain: Unitrain;
  readonly plan: Plan;
}

/** From words and flags to a checked plan, and the instance that can start it. */
export async function makePlan(
  given: readonly string[],
  flags: TrainFlags,
  signal: AbortSignal,
  say: (message: string) => void,
  surroundings: Surroundings,
): Promise<Made> {
  const { data, settings } = readWords(given);
  const engine = await surroundings.engine();
  const unitrain = await engine.assemble(flags.on, settings);
  const plan = await unitrain.plan({
    data: sourceOf(data, surroundings.folder),
    signal,
    say,
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.out === undefined ? {} : { out: flags.out }),
    ...(flags.budget === undefined ? {} : { budgetUsd: flags.budget }),
    ...(flags.maxHours === undefined ? {} : { maxHours: flags.maxHours }),
  });
  signal.throwIfAborted();
  return { unitrain, plan };
}

/** A path, as seen from the working folder; a bare `coco8.yaml` that is no file is a set the framework knows. */
function sourceOf(data: string, folder: string): DataSource {
  // A shell does not expand the ~ of `data=~/pallets`.
  const path = resolve(folder, data.startsWith("~/") ? join(homedir(), data.slice(2)) : data);
  if (/^[\w.-]+\.ya?ml$/i.test(data) && !existsSync(path)) return { kind: "named", name: data };
  return { kind: "local", path };
}
