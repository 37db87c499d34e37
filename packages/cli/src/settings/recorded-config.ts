import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Plan, Plugin, Provider, RunSummary, Transport } from "@unitrain/core";
import {
  type ConfiguredOptions,
  type FrameworkCommandLine,
  type SettingDeclaration,
  UnitrainError,
} from "@unitrain/core/spec";
import { clean } from "../terminal/render/clean.ts";
import type { UnitrainConfig } from "./config/config.ts";
import type { LoadedConfig } from "./config/load-config.ts";
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
export function recordedConfig(
  recorded: Recorded,
  isMachineExplicit: boolean,
  folder: string,
  commandLine: FrameworkCommandLine,
): LoadedConfig {
  const { plan, summary, plugins } = recorded;
  const workingFolder = summary.workingFolder ?? folder;
  const { source, env, secrets } = plan;
  const config: UnitrainConfig = {
    ...configFromPlan(plan, isMachineExplicit),
    ...frameworkConfig(recorded, workingFolder, commandLine),
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

/** What the framework was given, as it stands in a configuration. */
function frameworkConfig(
  { plan, summary }: Recorded,
  workingFolder: string,
  { recordedOptions, settings: declared = [] }: FrameworkCommandLine,
): object {
  const options = (plan.framework.recipe?.options ?? {}) as Readonly<Record<string, unknown>>;
  const { train, settings } =
    recordedOptions?.({
      options,
      workingFolder,
      versions: summary.versions ?? {},
      settings: Object.fromEntries((plan.settings ?? []).map(({ name, value }) => [name, value])),
    }) ?? separateSettings(options, declared);
  return { ...settings, train };
}

/** Options that have a key of their own in the configuration, apart from those that stand under `train`. */
function separateSettings(
  options: Readonly<Record<string, unknown>>,
  declared: readonly SettingDeclaration[],
): ConfiguredOptions {
  const keys = new Map(declared.map(({ name, configKey = name }) => [name, configKey]));
  const entries = Object.entries(options);
  return {
    train: Object.fromEntries(entries.filter(([name]) => !keys.has(name))),
    settings: Object.fromEntries(
      entries.flatMap(([name, value]) => (keys.has(name) ? [[keys.get(name), value]] : [])),
    ),
  };
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
