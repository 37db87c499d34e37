import type { Rule } from "../suite/rule.ts";
import type { FrameworkAbility } from "./subject.ts";
import type { FrameworkBed } from "./testbed.ts";

/** A rule of the framework suite. */
export type FrameworkRule<Id extends string = string> = Rule<FrameworkBed, FrameworkAbility, Id>;

/** Keeps the literal ids of a list of rules, so that a test knows each of them. */
export function frameworkRules<const Id extends string>(
  rules: readonly FrameworkRule<Id>[],
): readonly FrameworkRule<Id>[] {
  return rules;
}
