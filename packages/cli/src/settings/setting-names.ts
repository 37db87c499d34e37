import type { SettingDeclaration } from "@unitrain/core/spec";

/** Returns the name under which the parser stores a flag: `maxHours` for `--max-hours`, `input` for `--no-input`. */
export function getFlagKey({ flag = "" }: Pick<SettingDeclaration, "flag">): string {
  return flag.replace(/^no-/, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns a flag with its short form and its placeholder, such as `-L, --forward <port:host:port>`. */
export function formatFlag({ flag = "", short, placeholder }: SettingDeclaration): string {
  const value = placeholder === undefined ? "" : ` ${placeholder}`;
  return `${short === undefined ? "" : `-${short}, `}--${flag}${value}`;
}

/** Returns the description of a setting with its default, for the help and the reference. */
export function formatHelp({ help, default: byDefault }: SettingDeclaration): string {
  return byDefault === undefined ? help : `${help} (default: ${byDefault})`;
}
