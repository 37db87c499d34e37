import type { OwnSetting } from "../src/settings/own-setting.ts";
import { getFlagKey } from "../src/settings/setting-names.ts";
import { createDeclarations } from "../src/settings/table/declare.ts";
import type { Entries } from "../src/settings/table/entry.ts";
import { describeValue } from "../src/settings/table/value-types.ts";

const notice = "// Written from ../table by `vitest -u`. Do not edit.\n";

/** The files below src/settings/generated: what the program reads of the table without loading zod. */
export function generateSettings(entries: Entries): Readonly<Record<string, string>> {
  const settings = createDeclarations(entries);
  return {
    "settings.ts": `${notice}import type { OwnSetting } from "../own-setting.ts";

/** Every setting of the command line. */
export const ownSettings: readonly OwnSetting[] = [
${settings.map((setting) => `  ${JSON.stringify(setting)},\n`).join("")}];
`,
    "flags.ts": `${notice}
/** All flags of all commands, as the parser gives them; each command takes its own. */
export interface OwnFlags {
${settings
  .filter(({ flag }) => flag !== undefined)
  .map(flagField)
  .join("")}}
`,
    "config.ts": `${notice}import type { Plugin, Provider, Transport } from "@unitrain/core";

/** The settings of the command line that \`unitrain.config.ts\` may hold. */
export interface OwnConfig {
${settings.map((setting) => configField(setting, entries)).join("")}}
`,
  };
}

function flagField(setting: OwnSetting): string {
  const type = setting.isNegatable === true && setting.placeholder !== undefined ? " | false" : "";
  return field(setting, getFlagKey(setting), `${readType(setting)}${type}`);
}

function configField(setting: OwnSetting, entries: Entries): string {
  const type = entries[setting.name]?.type;
  if (setting.configKey === undefined || type === undefined) return "";
  return field(setting, setting.configKey, describeValue(type).typescript);
}

function readType({ kind, isRepeatable }: OwnSetting): string {
  const type =
    kind === "switch"
      ? "boolean"
      : kind === "text" || kind === "path" || kind === "variables"
        ? "string"
        : "number";
  return isRepeatable === true ? `readonly ${type}[]` : type;
}

function field({ help, default: byDefault }: OwnSetting, key: string, type: string): string {
  const sentence = `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
  return `  /** ${sentence}${byDefault === undefined ? "" : ` Default: \`${byDefault}\`.`} */\n  readonly ${key}?: ${type};\n`;
}
