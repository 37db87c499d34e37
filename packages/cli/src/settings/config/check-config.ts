import { type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import * as z from "zod/mini";
import { findNearest } from "../find-nearest.ts";
import { createDeclarations } from "../table/declare.ts";
import type { Entries } from "../table/entry.ts";
import { table } from "../table/table.ts";
import type { UnitrainConfig } from "./config.ts";
import { describeType } from "./describe-type.ts";

/** The settings that a configuration may contain: unitrain's own, which have zod types, and those of a framework, which have kinds. */
export interface ConfigSettings {
  readonly entries?: Entries;
  readonly frameworkSettings?: readonly SettingDeclaration[];
}

/** Checks the export of a configuration file, and returns it. Throws `INVALID_OPTIONS` that names the file, the key and the expected value. */
export function checkConfig(
  exported: unknown,
  file: string,
  { entries = table, frameworkSettings: ofFramework = [] }: ConfigSettings = {},
): UnitrainConfig {
  if (typeof exported !== "object" || exported === null || Array.isArray(exported))
    throw createConfigurationError(
      file,
      "exports no configuration",
      "Write: export default defineConfig({ … })",
    );
  const settings = [...createDeclarations(entries), ...ofFramework].filter(
    ({ configKey }) => configKey !== undefined,
  );
  const types = settings.map((setting) => [
    setting.configKey,
    z.optional(entries[setting.name]?.type ?? describeType(setting)),
  ]);
  const checked = z.strictObject(Object.fromEntries(types)).safeParse(exported);
  const [issue] = checked.error?.issues ?? [];
  if (issue?.code === "unrecognized_keys") throw createUnknownKeyError(issue.keys[0] ?? "", file, settings);
  if (issue !== undefined) throw createWrongValueError(String(issue.path[0]), exported, file, settings);
  const config: UnitrainConfig = exported;
  if (config.on !== undefined && config.provider !== undefined)
    throw createConfigurationError(
      file,
      "names the machine twice, by `on` and by `provider`",
      "Remove one of them.",
    );
  return config;
}

function createWrongValueError(
  key: string,
  exported: object,
  file: string,
  settings: readonly SettingDeclaration[],
): UnitrainError {
  const expected = settings.find(({ configKey }) => configKey === key)?.expected ?? "something else";
  const value = (exported as Readonly<Record<string, unknown>>)[key];
  return createConfigurationError(file, `has ${key}: ${formatValue(value)}`, `${key} must be ${expected}.`);
}

function createUnknownKeyError(
  key: string,
  file: string,
  settings: readonly SettingDeclaration[],
): UnitrainError {
  const keys = settings.flatMap(({ configKey }) => configKey ?? []);
  const other = settings.find(({ otherNames }) => otherNames?.includes(key))?.configKey;
  const suggestion = findNearest(key, keys) ?? other;
  const hint =
    suggestion === undefined
      ? `Put options of the training under train: train: { ${key}: … }. Other keys: ${keys.join(", ")}.`
      : `Did you mean ${suggestion}?`;
  return createConfigurationError(file, `has a key ${key} that is not known`, hint);
}

function createConfigurationError(file: string, problem: string, hint: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `${file} ${problem}.`, { hint });
}

function formatValue(value: unknown): string {
  return typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
