import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Plan, Plugin, Provider, RunSummary, Transport } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import { clean } from "../terminal/render/clean.ts";
import type { UnitrainConfig } from "./config/config.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { frameworkOption, frameworkSettings } from "./framework-settings.ts";
import { configFromPlan } from "./plan-options.ts";

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
  const { source, env, secrets } = plan;
  const config: UnitrainConfig = {
    ...configFromPlan(plan, isMachineExplicit),
    ...frameworkConfig(recorded, workingFolder),
    ...(isMachineExplicit ? {} : machineOf(recorded, workingFolder)),
    ...(source.kind === "local"
      ? { data: source.path }
      : source.kind === "named"
        ? { data: source.name }
        : {}),
    plugins,
    ...(env === undefined ? {} : { env }),
    ...(secrets.length === 0 ? {} : { secrets }),
  };
  return { config, file: `run ${clean(plan.name)}`, folder: workingFolder };
}

/** The framework's own: its settings under their keys, the arguments of its training under `train`. */
function frameworkConfig(recorded: Recorded, workingFolder: string): UnitrainConfig {
  // It was allowed to overwrite then; to repeat it must not lose what it made.
  const { exist_ok: _, ...train } = (recorded.plan.framework.recipe?.options ?? {}) as Record<
    string,
    unknown
  >;
  const config: Record<string, unknown> = {};
  for (const { name, configKey = name, kind } of frameworkSettings) {
    const option = frameworkOption(name);
    const value = train[option];
    delete train[option];
    if (value !== undefined)
      config[configKey] =
        kind === "path" && typeof value === "string" ? resolve(workingFolder, value) : value;
  }
  const ultralytics = config.ultralytics ?? versionOf(recorded, [config.pip ?? []].flat().map(String));
  return { ...config, ...(ultralytics === undefined ? {} : { ultralytics: String(ultralytics) }), train };
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
  return {
    ...(on === undefined ? {} : { on: /^\.\.?\//.test(on) ? resolve(workingFolder, on) : on }),
    ...(provider === undefined ? {} : { provider }),
    ...(transport === undefined ? {} : { transport }),
  };
}

/** The version that really trained: a default, or `latest`, may be another one today. A fork brings its own. */
function versionOf({ plan, summary }: Recorded, pip: readonly string[]): string | undefined {
  if (pip.some((requirement) => /ultralytics/i.test(requirement))) return undefined;
  const planned = plan.settings?.find(({ name }) => name === "ultralytics")?.value;
  return summary.versions?.ultralytics ?? (typeof planned === "string" ? planned : undefined);
}
