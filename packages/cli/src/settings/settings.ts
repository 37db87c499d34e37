import type { DataSource, MachineRequest, Plugin, Provider, Transport } from "@unitrain/core";
import { type FrameworkCommandLine, UnitrainError } from "@unitrain/core/spec";
import type { WorkingPlace } from "../context/working-place.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { dataSource } from "./data-source.ts";
import type { Flags } from "./flags.ts";
import { pathFrom, weightsFrom } from "./paths.ts";
import { bytesIn } from "./size-text.ts";
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
  typedValue: readonly string[],
  flags: Flags,
  loaded: LoadedConfig | undefined,
  world: WorkingPlace,
  framework: { readonly commandLine: FrameworkCommandLine },
): Settings {
  const config = loaded?.config ?? {};
  const words = readWords(typedValue, framework.commandLine);
  const resolvePath = (path: string | undefined) => pathFrom(path, world.folder);
  const resolveConfigured = (path: string | undefined) => pathFrom(path, loaded?.folder ?? world.folder);
  const out = resolvePath(flags.out) ?? resolveConfigured(config.out);
  const { env, secrets } = variablesFrom(flags, config, world.env);
  const provider = flags.on === undefined ? config.provider : undefined;
  const budgetUsd = flags.budget ?? config.budget;
  const maxHours = flags.maxHours ?? config.maxHours;
  return {
    on: flags.on ?? config.on ?? "local",
    ...(provider === undefined ? {} : { provider }),
    ...(config.transport === undefined || flags.on !== undefined ? {} : { transport: config.transport }),
    plugins: config.plugins ?? [],
    source: sourceOf(words.data, config.data, resolveConfigured, world.folder),
    framework: {
      words: words.settings,
      options: {
        ...weightsFrom(config.train ?? {}, loaded?.folder ?? world.folder),
        ...ownOptions(flags, config, {
          code: resolvePath(flags.code) ?? resolveConfigured(config.code),
          callbacks: resolvePath(flags.callbacks) ?? resolveConfigured(config.callbacks),
        }),
      },
    },
    request: {
      ...optional("gpu", flags.gpu ?? config.gpu),
      ...optional("gpus", flags.gpus ?? config.gpus),
      ...optional("region", flags.region ?? config.region),
      ...optional("maxUsdPerHour", flags.maxPrice ?? config.maxPrice),
    },
    ...optional("budgetUsd", budgetUsd),
    ...optional("maxHours", maxHours),
    ...optional("maxOutputBytes", flags.maxOutput ?? bytesIn(config.maxOutput ?? "")),
    ...optional("out", out),
    ...optional("name", flags.name),
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
    ...optional("version", flags.ultralytics ?? config.ultralytics),
    ...(pip.length === 0 ? {} : { pip: [...new Set(pip)] }),
    ...optional("code", paths.code),
    ...optional("callbacks", paths.callbacks),
    ...(codeInclude.length === 0 ? {} : { codeInclude }),
    ...optional("strict", flags.strict ?? config.strict),
    ...optional("skipBad", flags.skipBad ?? config.skipBad),
    ...(track.length === 0 ? {} : { track: [...new Set(track)] }),
  };
}

function sourceOf(
  typedValue: string | undefined,
  configured: string | undefined,
  resolveConfigured: (path: string) => string | undefined,
  folder: string,
): DataSource {
  if (typedValue !== undefined) return dataSource(typedValue, folder);
  if (configured !== undefined) {
    const dataset = dataSource(configured, folder);
    return dataset.kind === "local"
      ? { kind: "local", path: resolveConfigured(configured) ?? configured }
      : dataset;
  }
  throw new UnitrainError("INVALID_OPTIONS", "No dataset was named.", {
    hint: "Name its folder: unitrain train ./pallets model=yolo11n.pt epochs=50",
  });
}

/** Left out where there is none, so that nothing is set to undefined. */
function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value });
}
