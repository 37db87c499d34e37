import type { SettingDeclaration } from "@unitrain/core/spec";
import { UnitrainError } from "@unitrain/core/spec";
import type { WorkingContext } from "../context/working-context.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { Flags } from "./flags.ts";
import { parseSize } from "./parse-size.ts";
import { readValue } from "./read-value.ts";
import { resolvePath } from "./resolve-path.ts";
import { getFlagKey } from "./setting-names.ts";

/** All places where a setting can be written. */
export interface Places {
  readonly flags: Flags;
  readonly loaded: LoadedConfig | undefined;
  readonly workingContext: WorkingContext;
}

/** The value of a setting in each place, as it was written. */
export interface WrittenValues {
  readonly typed: unknown;
  readonly configured: unknown;
  /** The environment variable; undefined if the setting is also typed or configured, because these take precedence. */
  readonly fromEnvironment: string | undefined;
}

/** Returns the value of a setting in each place. */
export function readWrittenValues(
  setting: SettingDeclaration,
  { flags, loaded, workingContext }: Places,
): WrittenValues {
  const { flag, configKey, environmentVariable } = setting;
  const typed = flag === undefined ? undefined : flags[getFlagKey(setting)];
  const config: Readonly<Record<string, unknown>> = { ...loaded?.config };
  const configured = configKey === undefined ? undefined : config[configKey];
  const isElsewhere = typed !== undefined || configured !== undefined || environmentVariable === undefined;
  return {
    typed,
    configured,
    fromEnvironment: isElsewhere ? undefined : workingContext.env[environmentVariable],
  };
}

/**
 * Returns the value of a setting: that of the flag, or else of the configuration, or else of the environment. Returns undefined if
 * there is none. Values of lists are combined, paths become absolute, and sizes become bytes.
 */
export function resolveSetting(setting: SettingDeclaration, places: Places): unknown {
  const { typed, configured, fromEnvironment } = readWrittenValues(setting, places);
  const { kind, isRepeatable } = setting;
  const fromConfig = (value: unknown) => {
    if (kind === "size") return typeof value === "string" ? parseSize(value) : value;
    return kind === "path"
      ? resolveIfPath(value, places.loaded?.folder ?? places.workingContext.folder)
      : value;
  };
  const fromLine = (value: unknown) =>
    kind === "path" ? resolveIfPath(value, places.workingContext.folder) : value;
  const fromVariable = fromEnvironment === undefined ? undefined : readVariable(setting, fromEnvironment);
  if (isRepeatable !== true) return fromLine(typed) ?? fromConfig(configured) ?? fromLine(fromVariable);
  const values = [
    ...[configured ?? []].flat().map(fromConfig),
    ...[typed ?? fromVariable ?? []].flat().map(fromLine),
  ];
  return values.length === 0 ? undefined : [...new Set(values)];
}

function resolveIfPath(value: unknown, folder: string): unknown {
  return typeof value === "string" ? resolvePath(value, folder) : value;
}

function readVariable(setting: SettingDeclaration, text: string): unknown {
  if (setting.kind === "switch") return text !== "" && text !== "0";
  const read = readValue(setting, text);
  if ("value" in read) return read.value;
  throw new UnitrainError("INVALID_OPTIONS", `${setting.environmentVariable} is ${JSON.stringify(text)}.`, {
    hint: read.wrong,
  });
}
