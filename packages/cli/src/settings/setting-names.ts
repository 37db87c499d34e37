import type { SettingDeclaration } from "@unitrain/core/spec";

/** Under which name the parser keeps a flag: `maxHours` of `--max-hours`, `input` of `--no-input`. */
export function flagKey({ flag = "" }: Pick<SettingDeclaration, "flag">): string {
  return flag.replace(/^no-/, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `-L, --forward <port:host:port>`. */
export function flagTerm({ flag = "", short, placeholder }: SettingDeclaration): string {
  const value = placeholder === undefined ? "" : ` ${placeholder}`;
  return `${short === undefined ? "" : `-${short}, `}--${flag}${value}`;
}

/** What a setting is, with its default: a line of the help and of the reference. */
export function helpLine({ help, default: byDefault }: SettingDeclaration): string {
  return byDefault === undefined ? help : `${help} (default: ${byDefault})`;
}
