import type { DataSource, MachineRequest, Plugin, Provider, Transport } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Flags } from "../flags.ts";
import { bytesIn } from "../size-text.ts";
import { readWords } from "../words/read-words.ts";
import type { WorkingPlace } from "../working-place.ts";
import { dataSource } from "./data-source.ts";
import { pathFrom, weightsFrom } from "./paths.ts";
import { listSettingSources, type SettingSource } from "./sources.ts";
import { variablesFrom } from "./variables.ts";

/** All that one training is told: each value from a flag or word, else from the configuration file, else left to its default. */
export interface Settings {
  readonly on: string;
  /** Instead of `on`. */
  readonly provider?: Provider;
  readonly transport?: Transport;
  readonly plugins: readonly Plugin[];
  readonly source: DataSource;
  readonly framework: FrameworkSettings;
  readonly request: Omit<MachineRequest, "diskBytes">;
  readonly budgetUsd?: number;
  readonly maxHours?: number;
  readonly maxOutputBytes?: number;
  readonly out?: string;
  readonly name?: string;
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
): Settings {
  const config = loaded?.config ?? {};
  const words = readWords(typed);
  const here = (path: string | undefined) => pathFrom(path, world.folder);
  const there = (path: string | undefined) => pathFrom(path, loaded?.folder ?? world.folder);
  const out = here(flags.out) ?? there(config.out);
  const { env, secrets } = variablesFrom(flags, config, world.env);
  const provider = flags.on === undefined ? config.provider : undefined;
  const budgetUsd = flags.budget ?? config.budget;
  const maxHours = flags.maxHours ?? config.maxHours;
  return {
    on: flags.on ?? config.on ?? "local",
    ...(provider === undefined ? {} : { provider }),
    ...(config.transport === undefined || flags.on !== undefined ? {} : { transport: config.transport }),
    plugins: config.plugins ?? [],
    source: sourceOf(words.data, config.data, there, world.folder),
    framework: {
      words: words.settings,
      options: {
        ...weightsFrom(config.train ?? {}, loaded?.folder ?? world.folder),
        ...ownOptions(flags, config, {
          code: here(flags.code) ?? there(config.code),
          callbacks: here(flags.callbacks) ?? there(config.callbacks),
        }),
      },
    },
    request: {
      ...given("gpu", flags.gpu ?? config.gpu),
      ...given("gpus", flags.gpus ?? config.gpus),
      ...given("region", flags.region ?? config.region),
      ...given("maxUsdPerHour", flags.maxPrice ?? config.maxPrice),
    },
    ...given("budgetUsd", budgetUsd),
    ...given("maxHours", maxHours),
    ...given("maxOutputBytes", flags.maxOutput ?? bytesIn(config.maxOutput ?? "")),
    ...given("out", out),
    ...given("name", flags.name),
    env,
    secrets,
    sources: listSettingSources(words, flags, loaded),
  };
}

/** What the framework is told beside the arguments of `yolo train`. */
function ownOptions(
  flags: Flags,
  config: LoadedConfig["config"],
  paths: { readonly code: string | undefined; readonly callbacks: string | undefined },
): Record<string, unknown> {
  const pip = [...(config.pip ?? []), ...(flags.pip ?? [])];
  const codeInclude = [...(config.codeInclude ?? []), ...(flags.codeInclude ?? [])];
  const track = [...[config.track ?? []].flat(), ...(flags.track ?? [])];
  return {
    ...given("version", flags.ultralytics ?? config.ultralytics),
    ...(pip.length === 0 ? {} : { pip: [...new Set(pip)] }),
    ...given("code", paths.code),
    ...given("callbacks", paths.callbacks),
    ...(codeInclude.length === 0 ? {} : { codeInclude }),
    ...given("strict", flags.strict ?? config.strict),
    ...given("skipBad", flags.skipBad ?? config.skipBad),
    ...(track.length === 0 ? {} : { track: [...new Set(track)] }),
  };
}

function sourceOf(
  typed: string | undefined,
  configured: string | undefined,
  there: (path: string) => string | undefined,
  folder: string,
): DataSource {
  if (typed !== undefined) return dataSource(typed, folder);
  if (configured !== undefined) {
    const known = dataSource(configured, folder);
    return known.kind === "local" ? { kind: "local", path: there(configured) ?? configured } : known;
  }
  throw new UnitrainError("INVALID_OPTIONS", "No dataset was named.", {
    hint: "Name its folder: unitrain train ./pallets model=yolo11n.pt epochs=50",
  });
}

/** Left out where there is none, so that nothing is set to undefined. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value });
}
