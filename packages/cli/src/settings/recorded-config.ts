import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Plan, Plugin, Provider, RunSummary, Transport } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import { clean } from "../terminal/render/clean.ts";
import type { UnitrainConfig } from "./config/config.ts";
import type { LoadedConfig } from "./config/load-config.ts";

/** A run that is repeated. */
export interface Recorded {
  readonly plan: Plan;
  readonly summary: Pick<RunSummary, "versions" | "workingFolder">;
  /** The parts that a record can only name. */
  readonly provider?: Provider;
  readonly transport?: Transport;
  readonly plugins: readonly Plugin[];
}

/** The settings of a recorded run as a configuration, so that what is given now comes on top in the same way. Its name and folder are not repeated. */
export function recordedConfig(recorded: Recorded, isMachineExplicit: boolean, folder: string): LoadedConfig {
  const { plan, summary, plugins } = recorded;
  const workingFolder = summary.workingFolder ?? folder;
  // It was allowed to overwrite then; to repeat it must not lose what it made.
  const {
    version,
    pip,
    code,
    track,
    exist_ok: _,
    ...train
  } = (plan.framework.recipe?.options ?? {}) as Options;
  const ultralytics = version ?? versionOf(recorded, pip ?? []);
  const { source, env, secrets, budgetUsd, maxHours, maxOutputBytes } = plan;
  const config: UnitrainConfig = {
    // Another machine than then: what was asked of that one says nothing of this one.
    ...(isMachineExplicit ? {} : machineOf(recorded, workingFolder)),
    ...(source.kind === "local"
      ? { data: source.path }
      : source.kind === "named"
        ? { data: source.name }
        : {}),
    plugins,
    train: train as NonNullable<UnitrainConfig["train"]>,
    ...(ultralytics === undefined ? {} : { ultralytics }),
    ...(pip === undefined ? {} : { pip }),
    ...(code === undefined ? {} : { code: resolve(workingFolder, code) }),
    ...(track === undefined ? {} : { track: track as NonNullable<UnitrainConfig["track"]> }),
    ...(env === undefined ? {} : { env }),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(budgetUsd === undefined ? {} : { budget: budgetUsd }),
    ...(maxHours === undefined ? {} : { maxHours }),
    ...(maxOutputBytes === undefined ? {} : { maxOutput: `${maxOutputBytes}B` }),
  };
  return { config, file: `run ${clean(plan.name)}`, folder: workingFolder };
}

interface Options {
  readonly version?: string;
  readonly pip?: readonly string[];
  readonly code?: string;
  readonly track?: readonly string[];
  readonly exist_ok?: unknown;
}

/** The word behind `--on`; undefined when the provider came from a configuration or from code. */
export function recordedMachine({ settings = [] }: Plan): string | undefined {
  const on = settings.find(({ name }) => name === "on")?.value;
  return typeof on === "string" ? on : undefined;
}

/** The data is read where it was then: where it is gone, nothing can be repeated. */
export function checkDataIsThere({ name, source }: Plan): void {
  if (source.kind !== "local" || existsSync(source.path)) return;
  const run = clean(name);
  throw new UnitrainError("INVALID_DATASET", `The data of ${run} is gone: there is no ${source.path}.`, {
    hint: `Name where it is now: unitrain train ./pallets --from ${run}`,
    phase: "plan",
  });
}

function machineOf({ plan, provider, transport }: Recorded, workingFolder: string): UnitrainConfig {
  const on = recordedMachine(plan);
  const { gpu, gpus, region, maxUsdPerHour } = plan.request;
  return {
    ...(on === undefined ? {} : { on: /^\.\.?\//.test(on) ? resolve(workingFolder, on) : on }),
    ...(provider === undefined ? {} : { provider }),
    ...(transport === undefined ? {} : { transport }),
    ...(gpu === undefined ? {} : { gpu }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(region === undefined ? {} : { region }),
    ...(maxUsdPerHour === undefined ? {} : { maxPrice: maxUsdPerHour }),
  };
}

/** The version that really trained: a default, or `latest`, may be another one today. A fork brings its own. */
function versionOf({ plan, summary }: Recorded, pip: readonly string[]): string | undefined {
  if (pip.some((requirement) => /ultralytics/i.test(requirement))) return undefined;
  const planned = plan.settings?.find(({ name }) => name === "ultralytics")?.value;
  return summary.versions?.ultralytics ?? (typeof planned === "string" ? planned : undefined);
}
