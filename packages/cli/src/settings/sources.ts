import type { RunSetting } from "@unitrain/core";
import type { SettingDeclaration } from "@unitrain/core/spec";
import { listAllSettings } from "./list-all-settings.ts";
import type { OwnSetting } from "./own-setting.ts";
import { type Places, readWrittenValues } from "./resolve-setting.ts";
import type { TrainingWords } from "./words/read-words.ts";

/** The value of a setting in a plan, and its source. */
export interface SettingSource {
  readonly name: string;
  readonly value: string;
  /** `command line`, the configuration file's name, an environment variable, or `default`. */
  readonly source: string;
}

const commandLine = "command line";

/** Converts the values for the record of a run, where numbers are not strings. */
export function convertForRecord(
  sources: readonly SettingSource[],
  settings: readonly OwnSetting[] = listAllSettings(),
): readonly RunSetting[] {
  const kinds = new Map(settings.filter(isOfTheRun).map(({ name, kind }) => [name, kind]));
  return sources.map(({ name, value, source }) => ({
    name,
    value: /number|integer/.test(kinds.get(name) ?? "") ? Number(value) : value,
    source,
  }));
}

/** Lists every value that was typed or configured, and unitrain's own defaults. The dataset and the training come first. */
export function listSettingSources(
  words: TrainingWords,
  places: Places,
  ofFramework?: readonly SettingDeclaration[],
  own?: readonly OwnSetting[],
): readonly SettingSource[] {
  const { flags, loaded } = places;
  const config = loaded?.config ?? {};
  const file = loaded?.file ?? "";
  const settings = listAllSettings(ofFramework, own).filter(isOfTheRun);
  const [repeatable, single] = [true, false].map((wanted) =>
    settings.filter(({ isRepeatable = false }) => isRepeatable === wanted),
  ) as [OwnSetting[], OwnSetting[]];
  const provider = flags.on === undefined ? config.provider?.name : undefined;
  return [
    ...(words.data === undefined
      ? createSource("data", config.data, file)
      : createSource("data", words.data, commandLine)),
    ...listTrainSources(words, config.train ?? {}, file),
    ...createSource("provider", provider, file),
    ...single
      .filter(({ name }) => name !== "on" || provider === undefined)
      .flatMap((setting) => findSource(setting, places)),
    ...repeatable.flatMap((setting) => listRepeatableSources(setting, places)),
  ];
}

/** Returns false for flags that do not affect the run, and for settings that are listed separately. */
function isOfTheRun({ plan, configKey, kind, name }: OwnSetting): boolean {
  return (plan !== undefined || configKey !== undefined) && kind !== "object" && name !== "data";
}

function createSource(name: string, value: unknown, source: string): SettingSource[] {
  return value === undefined ? [] : [{ name, value: String(value), source }];
}

function findSource(setting: SettingDeclaration, places: Places): SettingSource[] {
  const { name, environmentVariable = "", default: byDefault } = setting;
  const { typed, configured, fromEnvironment } = readWrittenValues(setting, places);
  if (typed !== undefined) return createSource(name, typed, commandLine);
  if (configured !== undefined) return createSource(name, configured, places.loaded?.file ?? "");
  if (fromEnvironment !== undefined) return createSource(name, fromEnvironment, environmentVariable);
  return createSource(name, byDefault, "default");
}

/** Lists each entry of a list or of the variables with its own source, because entries from all places are combined. The values of variables are not shown. */
function listRepeatableSources(setting: SettingDeclaration, places: Places): SettingSource[] {
  const { name, kind, environmentVariable = "" } = setting;
  const { typed, configured, fromEnvironment } = readWrittenValues(setting, places);
  const typedValues = toList(typed).map((value) => (kind === "variables" ? parseVariableName(value) : value));
  const configuredValues =
    kind === "variables"
      ? Object.keys(configured ?? {}).filter((variable) => !typedValues.includes(variable))
      : toList(configured);
  const each = (values: readonly unknown[], source: string) =>
    values.flatMap((value) => createSource(name, value, source));
  return [
    ...each(configuredValues, places.loaded?.file ?? ""),
    ...each(typedValues, commandLine),
    ...createSource(name, fromEnvironment, environmentVariable),
  ];
}

function toList(value: unknown): readonly unknown[] {
  return [value ?? []].flat();
}

function parseVariableName(written: unknown): string {
  return String(written).split("=")[0] ?? "";
}

function listTrainSources(words: TrainingWords, configured: object, file: string): SettingSource[] {
  const typed = new Map(
    words.settings.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
  );
  const rest = Object.entries(configured).filter(([name, value]) => value !== undefined && !typed.has(name));
  return [
    ...[...typed].map(([name, value]) => ({ name, value, source: commandLine })),
    ...rest.map(([name, value]) => ({
      name,
      value: typeof value === "string" ? value : JSON.stringify(value),
      source: file,
    })),
  ];
}
