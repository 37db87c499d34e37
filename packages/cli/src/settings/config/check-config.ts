import { type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import * as z from "zod/mini";
import { nearest } from "../did-you-mean.ts";
import { declare } from "../table/declare.ts";
import type { Entries } from "../table/entry.ts";
import { table } from "../table/table.ts";
import type { UnitrainConfig } from "./config.ts";
import { describeType } from "./describe-type.ts";

/** The settings that a configuration may hold: the command line's own, by their types, and those of a framework, by their kinds. */
export interface ConfigSettings {
  readonly entries?: Entries;
  readonly ofFramework?: readonly SettingDeclaration[];
}

/** What a configuration file exports, checked. Throws `INVALID_OPTIONS` that names the file, the key and what it should be. */
export function checkConfig(
  exported: unknown,
  file: string,
  { entries = table, ofFramework = [] }: ConfigSettings = {},
): UnitrainConfig {
  if (typeof exported !== "object" || exported === null || Array.isArray(exported))
    throw wrong(file, "exports no configuration", "Write: export default defineConfig({ … })");
  const settings = [...declare(entries), ...ofFramework].filter(({ configKey }) => configKey !== undefined);
  const types = settings.map((setting) => [
    setting.configKey,
    z.optional(entries[setting.name]?.type ?? describeType(setting)),
  ]);
  const checked = z.strictObject(Object.fromEntries(types)).safeParse(exported);
  const [issue] = checked.error?.issues ?? [];
  if (issue?.code === "unrecognized_keys") throw unknownKey(issue.keys[0] ?? "", file, settings);
  if (issue !== undefined) throw wrongValue(String(issue.path[0]), exported, file, settings);
  const config: UnitrainConfig = exported;
  if (config.on !== undefined && config.provider !== undefined)
    throw wrong(file, "names the machine twice, by `on` and by `provider`", "Leave one of them out.");
  return config;
}

function wrongValue(
  key: string,
  exported: object,
  file: string,
  settings: readonly SettingDeclaration[],
): UnitrainError {
  const expected = settings.find(({ configKey }) => configKey === key)?.expected ?? "something else";
  const value = (exported as Readonly<Record<string, unknown>>)[key];
  return wrong(file, `has ${key}: ${shown(value)}`, `${key} must be ${expected}.`);
}

function unknownKey(key: string, file: string, settings: readonly SettingDeclaration[]): UnitrainError {
  const keys = settings.flatMap(({ configKey }) => configKey ?? []);
  const other = settings.find(({ otherNames }) => otherNames?.includes(key))?.configKey;
  const suggestion = nearest(key, keys) ?? other;
  const hint =
    suggestion === undefined
      ? `Settings of the training stand under train: train: { ${key}: … }. Keys here: ${keys.join(", ")}.`
      : `Did you mean ${suggestion}?`;
  return wrong(file, `has a key ${key} that is not known`, hint);
}

function wrong(file: string, problem: string, hint: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `${file} ${problem}.`, { hint });
}

function shown(value: unknown): string {
  return typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
