import type { DataSource, Plugin, Provider, Transport } from "@unitrain/core";
import { type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import type { FrameworkSetup } from "../context/cli-context.ts";
import type { WorkingContext } from "../context/working-context.ts";
import { chooseMachine } from "./chosen-machine.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { Flags } from "./flags.ts";
import { parseDataSource } from "./parse-data-source.ts";
import { collectPlanOptions, type SettingOptions } from "./plan-options.ts";
import { resolvePath } from "./resolve-path.ts";
import { type Places, resolveSetting } from "./resolve-setting.ts";
import { listSettingSources, type SettingSource } from "./sources.ts";
import { collectVariables } from "./variables.ts";
import { readWords } from "./words/read-words.ts";

/** All settings of a training. Each value comes from a word or flag, or else from the configuration file, or else is the default. */
export interface Settings {
  readonly on: string;
  /** The folder in which `on` was written. */
  readonly folder?: string;
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
export function combineSettings(
  words: readonly string[],
  flags: Flags,
  loaded: LoadedConfig | undefined,
  workingContext: WorkingContext,
  framework: Omit<FrameworkSetup, "userOptions">,
): Settings {
  const config = loaded?.config ?? {};
  const places = { flags, loaded, workingContext };
  const ofFramework = framework.commandLine.settings ?? [];
  const parsedWords = readWords(words, framework.commandLine);
  return {
    on: "local",
    ...chooseMachine(flags, loaded, workingContext.folder),
    plugins: config.plugins ?? [],
    source: chooseSource(
      parsedWords.data,
      config.data,
      loaded?.folder ?? workingContext.folder,
      workingContext.folder,
      framework.commandLine.isDataOptional,
    ),
    framework: {
      ...framework,
      userOptions: {
        words: parsedWords.settings,
        configured: { ...config.train },
        configFolder: loaded?.folder ?? workingContext.folder,
        settings: resolveAll(ofFramework, places),
      },
    },
    options: collectPlanOptions(places),
    ...collectVariables(flags, config, workingContext.env),
    sources: listSettingSources(parsedWords, places, ofFramework),
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
  typedData: string | undefined,
  configuredData: string | undefined,
  configFolder: string,
  folder: string,
  isOptional = false,
): DataSource {
  if (typedData !== undefined) return parseDataSource(typedData, folder);
  if (configuredData !== undefined) {
    const dataset = parseDataSource(configuredData, folder);
    return dataset.kind === "local"
      ? { kind: "local", path: resolvePath(configuredData, configFolder) }
      : dataset;
  }
  if (isOptional) return { kind: "none" };
  throw new UnitrainError("INVALID_OPTIONS", "No dataset was named.", {
    hint: "Pass its folder: unitrain train ./pallets",
  });
}
