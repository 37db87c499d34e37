import type { DataSource, Plugin, Provider, Transport } from "@unitrain/core";
import { type FrameworkCommandLine, type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import type { WorkingPlace } from "../context/working-place.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { dataSource } from "./data-source.ts";
import type { Flags } from "./flags.ts";
import { frameworkOption, frameworkSettings } from "./framework-settings.ts";
import { pathFrom, weightsFrom } from "./paths.ts";
import { planOptionsFrom, type SettingOptions } from "./plan-options.ts";
import { type Places, resolveSetting } from "./resolve-setting.ts";
import { listSettingSources, type SettingSource } from "./sources.ts";
import { variablesFrom } from "./variables.ts";
import { readWords } from "./words/read-words.ts";

/** All that one training is told: each value from a flag or word, else from the configuration file, else left to its default. */
export interface Settings {
  readonly on: string;
  /** Instead of `on`. */
  readonly provider?: Provider;
  readonly transport?: Transport;
  readonly plugins: readonly Plugin[];
  readonly source: DataSource;
  readonly framework: FrameworkSettings;
  /** What core takes as it is. */
  readonly options: SettingOptions;
  readonly env: Readonly<Record<string, string>>;
  /** Names only. */
  readonly secrets: readonly string[];
  /** Where each value comes from, for the plan. */
  readonly sources: readonly SettingSource[];
}

interface FrameworkSettings {
  /** `key=value` words of the command line. They beat `options`. */
  readonly words: readonly string[];
  /** The configuration's own, under the framework's names. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Puts together what was typed and what the configuration says. Throws `INVALID_OPTIONS` that shows what to write. */
export function settingsFrom(
  typed: readonly string[],
  flags: Flags,
  loaded: LoadedConfig | undefined,
  world: WorkingPlace,
  framework: { readonly commandLine: FrameworkCommandLine },
  ofFramework: readonly SettingDeclaration[] = frameworkSettings,
): Settings {
  const config = loaded?.config ?? {};
  const places = { flags, loaded, world };
  const words = readWords(typed, framework.commandLine);
  const provider = flags.on === undefined ? config.provider : undefined;
  return {
    on: flags.on ?? config.on ?? "local",
    ...(provider === undefined ? {} : { provider }),
    ...(config.transport === undefined || flags.on !== undefined ? {} : { transport: config.transport }),
    plugins: config.plugins ?? [],
    source: sourceOf(words.data, config.data, loaded?.folder ?? world.folder, world.folder),
    framework: {
      words: words.settings,
      options: {
        ...weightsFrom(config.train ?? {}, loaded?.folder ?? world.folder),
        ...frameworkOptions(ofFramework, places),
      },
    },
    options: planOptionsFrom(places),
    ...variablesFrom(flags, config, world.env),
    sources: listSettingSources(words, places, ofFramework),
  };
}

/** What the framework is told beside the arguments of its training. */
function frameworkOptions(
  ofFramework: readonly SettingDeclaration[],
  places: Places,
): Record<string, unknown> {
  return Object.fromEntries(
    ofFramework.flatMap((setting) => {
      const value = resolveSetting(setting, places);
      return value === undefined ? [] : [[frameworkOption(setting.name), value]];
    }),
  );
}

function sourceOf(
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
    hint: "Name its folder: unitrain train ./pallets model=yolo11n.pt epochs=50",
  });
}
