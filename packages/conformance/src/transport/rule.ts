import type { Rule } from "../suite/rule.ts";
import type { TransportAbility } from "./subject.ts";
import type { TransportBed } from "./testbed.ts";

/** A rule of the transport suite. */
export type TransportRule<Id extends string = string> = Rule<TransportBed, TransportAbility, Id>;

/** Keeps the literal ids of a list of rules, so that a test knows each of them. */
export function transportRules<const Id extends string>(
  rules: readonly TransportRule<Id>[],
): readonly TransportRule<Id>[] {
  return rules;
}

/** Words and texts that a wrong quoting changes. */
export const oddTexts = ["it's", '"$HOME" `id` $(id)', "-n", "a\nb", "", "ä* ?", "\\n \\\\", "two  spaces "];

/** Names of files that a wrong quoting or a line-based protocol changes. */
export const oddNames = [
  "it's here.txt",
  "$HOME `id`.txt",
  "-rf",
  "a\nb.txt",
  "ä*.txt",
  "b/c d/e.txt",
  ".hidden",
];
