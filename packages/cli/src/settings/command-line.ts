import { planGroups, trainGroups } from "./declarations/train-flags.ts";
import type { Flags } from "./flags.ts";

/** The command line that was typed, as a record of the run: without values of variables, and without how it was shown. */
export function commandLineOf(words: readonly string[], flags: Flags): string {
  const names = flags.env?.map((written) => written.split("=")[0] ?? "");
  return trainCommand(words, names === undefined ? flags : { ...flags, env: names });
}

/** The command that trains with these words and flags, for a shell. */
export function trainCommand(words: readonly string[], flags: Flags): string {
  const flagValues: Readonly<Record<string, unknown>> = { ...flags };
  const written = [...trainGroups, ...planGroups]
    .flatMap((group) => group.flags)
    .filter(({ name }, index, all) => all.findIndex((declaration) => declaration.name === name) === index)
    .flatMap(({ name }) => {
      const value = flagValues[camelCased(name)];
      if (value === undefined || unrecorded.has(name)) return [];
      if (value === false) return [`--no-${name}`];
      if (value === true) return [`--${name}`];
      const values = Array.isArray(value) ? value : [value];
      return values.flatMap((value) => [`--${name}`, String(value)]);
    });
  return ["unitrain", "train", ...words, ...written].map(quoted).join(" ");
}

/** How a run was shown and asked about says nothing of what it is. */
const unrecorded = new Set(["json", "verbose", "yes", "detach", "dry-run", "no-input"]);

function camelCased(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function quoted(word: string): string {
  return /^[\w./:=,@+~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
