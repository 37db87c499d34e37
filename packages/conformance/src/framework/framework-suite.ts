import { checkRule, registerSuite } from "../suite/register.ts";
import type { TestRunner } from "../suite/rule.ts";
import { allFrameworkRules } from "./framework-rules.ts";
import type { FrameworkRule } from "./rule.ts";
import type { FrameworkAbility, FrameworkSubject } from "./subject.ts";
import { createFrameworkBed } from "./testbed.ts";

/** Options of {@link frameworkSuite}. */
export interface FrameworkSuiteOptions extends TestRunner {
  /** The title of the suite. */
  readonly name: string;
  /** What the framework or its test setup cannot do. The rules that need it do not apply; a wrong declaration fails. */
  readonly lacks?: readonly FrameworkAbility[];
  /** Creates the framework with a small dataset and recorded results. Called at least once per rule. */
  readonly start: () => FrameworkSubject | Promise<FrameworkSubject>;
}

/** Registers a test for each rule that a framework must keep, as {@link providerSuite} does for a provider. */
export function frameworkSuite({ lacks = [], start, ...options }: FrameworkSuiteOptions): void {
  registerSuite({
    ...options,
    lacks,
    rules: allFrameworkRules,
    start: async () => createFrameworkBed(await start()),
  });
}

/** Checks one rule of `allFrameworkRules` outside a test runner. Rejects with an error that explains it if it is broken. */
export function checkFrameworkRule(
  rule: FrameworkRule,
  start: () => FrameworkSubject | Promise<FrameworkSubject>,
): Promise<void> {
  return checkRule(rule, async () => createFrameworkBed(await start()));
}
