import type { RunSetting } from "@unitrain/core";
import type { LoadedConfig } from "./config/load-config.ts";
import type { Flags } from "./flags.ts";
import type { Words } from "./words/read-words.ts";

/** One value of a plan, and where it was taken from. */
export interface SettingSource {
  readonly name: string;
  readonly value: string;
  /** `command line`, the configuration file's name, or `default`. */
  readonly source: string;
}

const commandLine = "command line";

/** For the record of a run: the same, with numbers as numbers. */
export function recordedSettings(sources: readonly SettingSource[]): readonly RunSetting[] {
  return sources.map(({ name, value, source }) => ({
    name,
    value: numeric.has(name) ? Number(value) : value,
    source: source,
  }));
}

const numeric = new Set(["gpus", "maxPrice", "budget", "maxHours"]);

/** Every value that was given, first data and training, and with them the defaults that unitrain itself chose. */
export function listSettingSources(
  words: Words,
  flags: Flags,
  loaded: LoadedConfig | undefined,
): readonly SettingSource[] {
  const config = loaded?.config ?? {};
  const file = loaded?.file ?? "";
  const ownSettings: readonly (readonly [
    name: string,
    typed: unknown,
    configured: unknown,
    fallback?: string | undefined,
  ])[] = [
    ["data", words.data, config.data],
    ["on", flags.on, config.on, config.provider === undefined ? "local" : undefined],
    ["provider", undefined, flags.on === undefined ? config.provider?.name : undefined],
    ["gpu", flags.gpu, config.gpu],
    ["gpus", flags.gpus, config.gpus],
    ["region", flags.region, config.region],
    ["maxPrice", flags.maxPrice, config.maxPrice],
    ["budget", flags.budget, config.budget],
    ["maxHours", flags.maxHours, config.maxHours],
    ["maxOutput", flags.maxOutput, config.maxOutput],
    ["ultralytics", flags.ultralytics, config.ultralytics],
    ["code", flags.code, config.code],
    ["callbacks", flags.callbacks, config.callbacks],
    ["strict", flags.strict, config.strict],
    ["skipBad", flags.skipBad, config.skipBad],
    ["name", flags.name, undefined],
    ["out", flags.out, config.out, "runs/<task>/<name>"],
  ];
  const single = ownSettings.flatMap(([name, typedValue, configured, fallback]): SettingSource[] => {
    if (typedValue !== undefined) return [{ name, value: String(typedValue), source: commandLine }];
    if (configured !== undefined) return [{ name, value: String(configured), source: file }];
    return fallback === undefined ? [] : [{ name, value: fallback, source: "default" }];
  });
  const data = single.filter(({ name }) => name === "data");
  const others = single.filter(({ name }) => name !== "data");
  return [
    ...data,
    ...listTrainSources(words, config.train ?? {}, file),
    ...others,
    ...listRepeatableSources(flags, loaded),
  ];
}

function listTrainSources(words: Words, configured: object, file: string): SettingSource[] {
  const typedValues = new Map(
    words.settings.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
  );
  const rest = Object.entries(configured).filter(
    ([name, value]) => value !== undefined && !typedValues.has(name),
  );
  return [
    ...[...typedValues].map(([name, value]) => ({ name, value, source: commandLine })),
    ...rest.map(([name, value]) => ({
      name,
      value: typeof value === "string" ? value : JSON.stringify(value),
      source: file,
    })),
  ];
}

/** Lists and variables add up: each entry has its own origin. */
function listRepeatableSources(flags: Flags, loaded: LoadedConfig | undefined): SettingSource[] {
  const config = loaded?.config ?? {};
  const file = loaded?.file ?? "";
  const typedNames = (flags.env ?? []).map((written) => written.split("=")[0] ?? "");
  const each = (name: string, values: readonly string[], source: string): SettingSource[] =>
    values.map((value) => ({ name, value, source }));
  return [
    ...each("pip", config.pip ?? [], file),
    ...each("pip", flags.pip ?? [], commandLine),
    ...each("track", [config.track ?? []].flat(), file),
    ...each("track", flags.track ?? [], commandLine),
    ...each(
      "env",
      Object.keys(config.env ?? {}).filter((name) => !typedNames.includes(name)),
      file,
    ),
    ...each("env", typedNames, commandLine),
    ...each("secret", config.secrets ?? [], file),
    ...each("secret", flags.secret ?? [], commandLine),
  ];
}
