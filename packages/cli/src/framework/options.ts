import type { FrameworkCommandLine, OptionDeclaration } from "@unitrain/core/spec";
import { findNearest } from "../settings/find-nearest.ts";

/** Lists the options of a framework that are written as `key=value`. */
export async function listOptions({
  options = [],
}: Pick<FrameworkCommandLine, "options">): Promise<readonly OptionDeclaration[]> {
  return typeof options === "function" ? options() : options;
}

/** Finds the option that a name means, which may be misspelled or the name of another tool. Returns undefined if there is none. */
export function findOption(name: string, options: readonly OptionDeclaration[]): string | undefined {
  if (name === "data" || options.some((option) => option.name === name)) return name;
  const wanted = name.toLowerCase();
  return (
    options.find(({ otherNames = [] }) => otherNames.includes(wanted))?.name ??
    findNearest(
      name,
      options.map((option) => option.name),
    )
  );
}

/** Lists the values of an option for completions. The list is empty if the values are not limited. */
export function listOptionValues(name: string, options: readonly OptionDeclaration[]): readonly string[] {
  const option = options.find((declared) => declared.name === name);
  return option?.choices ?? option?.completes ?? (option?.kind === "switch" ? ["true", "false"] : []);
}
