import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Plan, Plugin, Provider, RunSummary, Transport } from "@unitrain/core";
import {
  type ConfiguredOptions,
  type FrameworkCommandLine,
  type SettingDeclaration,
  UnitrainError,
} from "@unitrain/core/spec";
import type { UnitrainConfig } from "./config/config.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { createConfigFromPlan } from "./plan-options.ts";

/** The record of a run that is repeated. */
export interface Recorded {
  readonly plan: Plan;
  readonly summary: Pick<RunSummary, "versions" | "workingFolder">;
  /** The adapters, which were created again because a record contains only their recipes. */
  readonly provider?: Provider;
  readonly transport?: Transport;
  readonly plugins: readonly Plugin[];
}

/** Turns the settings of a recorded run into a configuration, so that new words and flags override them in the usual way. The run's name and folder are not repeated. */
export function createRecordedConfig(
  recorded: Recorded,
  isMachineExplicit: boolean,
  folder: string,
  commandLine: FrameworkCommandLine,
): LoadedConfig {
  const { plan, summary, plugins } = recorded;
  const workingFolder = summary.workingFolder ?? folder;
  const { source, env, secrets } = plan;
  const config: UnitrainConfig = {
    ...createConfigFromPlan(plan, isMachineExplicit),
    ...createFrameworkConfig(recorded, workingFolder, commandLine),
    ...(isMachineExplicit ? {} : readRecordedMachine(recorded, workingFolder)),
    ...(source.kind === "local"
      ? { data: source.path }
      : source.kind === "named"
        ? { data: source.name }
        : {}),
    plugins,
    ...(env === undefined ? {} : { env }),
    ...(secrets.length === 0 ? {} : { secrets }),
  };
  return { config, file: `run ${plan.name}`, folder: workingFolder };
}

/** Returns the options of the framework as they are written in a configuration. */
function createFrameworkConfig(
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

/** Separates the options that have their own key in the configuration from those under `train`. */
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

/** Returns the word after `--on`, or undefined if the provider came from a configuration or from code. */
export function findRecordedMachine({ settings = [] }: Plan): string | undefined {
  const on = settings.find(({ name }) => name === "on")?.value;
  return typeof on === "string" ? on : undefined;
}

/** Throws if the dataset is gone, because a repeated run reads it from the same path. */
export function checkDataIsThere({ name, source }: Plan): void {
  if (source.kind !== "local" || existsSync(source.path)) return;
  throw new UnitrainError("INVALID_DATASET", `The data of ${name} is gone: ${source.path} does not exist.`, {
    hint: `Pass its new path: unitrain train ./pallets --from ${name}`,
    phase: "plan",
  });
}

function readRecordedMachine({ plan, provider, transport }: Recorded, workingFolder: string): UnitrainConfig {
  const on = findRecordedMachine(plan);
  return {
    ...(on === undefined ? {} : { on: /^\.\.?\//.test(on) ? resolve(workingFolder, on) : on }),
    ...(provider === undefined ? {} : { provider }),
    ...(transport === undefined ? {} : { transport }),
  };
}
