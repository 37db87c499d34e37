import type { DataSource, Plugin, Provider, Transport } from "@unitrain/core";
import { type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import type { FrameworkSetup } from "../context/cli-context.ts";
import type { WorkingPlace } from "../context/working-place.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { dataSource } from "./data-source.ts";
import type { Flags } from "./flags.ts";
import { pathFrom } from "./paths.ts";
import { planOptionsFrom, type SettingOptions } from "./plan-options.ts";
import { type Places, resolveSetting } from "./resolve-setting.ts";
import { listSettingSources, type SettingSource } from "./sources.ts";
import { variablesFrom } from "./variables.ts";
import { readWords } from "./words/read-words.ts";

/** All settings of a training. Each value comes from a word or flag, or else from the configuration file, or else is the default. */
export interface Settings {
  readonly on: string;
  /** A provider from the configuration. It takes precedence over `on`. */
  readonly provider?: Provider;
  readonly transport?: Transport;
  readonly plugins: readonly Plugin[];
  readonly source: DataSource;
  readonly framework: FrameworkSetup;
  /** Options that are passed on to core unchanged. */
  readonly options: SettingOptions;
  readonly env: Readonly<Record<string, string>>;
  /** The names of the secrets, without their values. */
  readonly secrets: readonly string[];
  /** The source of each value, which the plan shows. */
  readonly sources: readonly SettingSource[];
}

/** Combines the typed words and flags with the configuration. Throws `INVALID_OPTIONS` with a hint that shows what to write. */
export function settingsFrom(
  typed: readonly string[],
  flags: Flags,
  loaded: LoadedConfig | undefined,
  world: WorkingPlace,
  framework: Omit<FrameworkSetup, "given">,
): Settings {
  const config = loaded?.config ?? {};
  const places = { flags, loaded, world };
  const ofFramework = framework.commandLine.settings ?? [];
  const words = readWords(typed, framework.commandLine);
  const provider = flags.on === undefined ? config.provider : undefined;
  return {
    on: flags.on ?? config.on ?? "local",
    ...(provider === undefined ? {} : { provider }),
    ...(config.transport === undefined || flags.on !== undefined ? {} : { transport: config.transport }),
    plugins: config.plugins ?? [],
    source: chooseSource(words.data, config.data, loaded?.folder ?? world.folder, world.folder),
    framework: {
      ...framework,
      given: {
        words: words.settings,
        configured: { ...config.train },
        configFolder: loaded?.folder ?? world.folder,
        settings: resolveAll(ofFramework, places),
      },
    },
    options: planOptionsFrom(places),
    ...variablesFrom(flags, config, world.env),
    sources: listSettingSources(words, places, ofFramework),
  };
}

/** Returns the values of a framework's own settings by name. Settings without a value are absent. */
function resolveAll(
  settings: readonly SettingDeclaration[],
  places: Places,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    settings.flatMap((setting) => {
      const value = setting.commands.includes("train") ? resolveSetting(setting, places) : undefined;
      return value === undefined ? [] : [[setting.name, value]];
    }),
  );
}

function chooseSource(
  typed: string | undefined,
  configured: string | undefined,
  configFolder: string,
  folder: string,
): DataSource {
  if (typed !== undefined) return dataSource(typed, folder);
  if (configured !== undefined) {
    const dataset = dataSource(configured, folder);
    return dataset.kind === "local" ? { kind: "local", path: pathFrom(configured, configFolder) } : dataset;
  }
  throw new UnitrainError("INVALID_OPTIONS", "No dataset was named.", {
    hint: "Pass its folder: unitrain train ./pallets",
  });
}
