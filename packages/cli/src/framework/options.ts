import type { FrameworkCommandLine, OptionDeclaration } from "@unitrain/core/spec";
import { nearest } from "../settings/did-you-mean.ts";

/** The options of a framework that are written `key=value`; none where it declares none. */
export async function listOptions({
  options = [],
}: Pick<FrameworkCommandLine, "options">): Promise<readonly OptionDeclaration[]> {
  return typeof options === "function" ? options() : options;
}

/** The option that is meant by a name, also by one that it has elsewhere; undefined when it is none. */
export function findOption(name: string, options: readonly OptionDeclaration[]): string | undefined {
  if (name === "data" || options.some((option) => option.name === name)) return name;
  const wanted = name.toLowerCase();
  return (
    options.find(({ otherNames = [] }) => otherNames.includes(wanted))?.name ??
    nearest(
      name,
      options.map((option) => option.name),
    )
  );
}

/** Values that an option can have, for completions; none where they are no list. */
export function listOptionValues(name: string, options: readonly OptionDeclaration[]): readonly string[] {
  const option = options.find((declared) => declared.name === name);
  return option?.choices ?? option?.completes ?? (option?.kind === "switch" ? ["true", "false"] : []);
}
