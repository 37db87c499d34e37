import type { SettingDeclaration } from "@unitrain/core/spec";
import { InvalidArgumentError, Option } from "commander";
import { readValue } from "./read-value.ts";
import { formatFlag } from "./setting-names.ts";

/** Creates the options of the parser for a setting. */
export function createOptions(setting: SettingDeclaration): Option[] {
  const option = new Option(formatFlag(setting));
  const { kind, isRepeatable } = setting;
  if (kind !== "switch")
    option.argParser<unknown>((text, before) => {
      const value = parseValue(setting, text);
      return isRepeatable === true ? [...(Array.isArray(before) ? before : []), value] : value;
    });
  return setting.isNegatable === true ? [option, new Option(`--no-${setting.flag}`)] : [option];
}

function parseValue(setting: SettingDeclaration, text: string): string | number {
  const read = readValue(setting, text);
  if ("wrong" in read) throw new InvalidArgumentError(read.wrong);
  return read.value;
}
