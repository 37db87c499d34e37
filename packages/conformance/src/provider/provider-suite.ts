import { registerSuite } from "../suite/register.ts";
import type { TestRunner } from "../suite/rule.ts";
import { allProviderRules } from "./provider-rules.ts";
import type { ProviderAbility, ProviderSubject } from "./subject.ts";
import { createProviderBed } from "./testbed.ts";

/** Options of {@link providerSuite}. */
export interface ProviderSuiteOptions extends TestRunner {
  /** The title of the suite. */
  readonly name: string;
  /** What the provider or its test setup cannot do. The rules that need it do not apply; a wrong declaration fails. */
  readonly lacks?: readonly ProviderAbility[];
  /** Creates the provider with a fresh fake cloud. Called at least once per rule. */
  readonly start: () => ProviderSubject | Promise<ProviderSubject>;
}

/**
 * Registers a test for each rule that a provider must keep, with the `describe` and `it` of your test runner.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 * import { providerSuite } from "@unitrain/conformance";
 * import { defineBorrowedProvider } from "@unitrain/core/spec";
 *
 * providerSuite({
 *   describe,
 *   it,
 *   name: "desk",
 *   lacks: ["rental", "recipe", "list", "self-release", "secrets", "silence", "hostile-text"],
 *   start: () => ({
 *     provider: defineBorrowedProvider({
 *       name: "desk",
 *       machine: { connectionKind: "ssh", host: "desk.local" },
 *       offer: { machine: "the machine below the desk" },
 *     }),
 *     listExisting: () => [],
 *   }),
 * });
 * ```
 */
export function providerSuite({ lacks = [], start, ...options }: ProviderSuiteOptions): void {
  registerSuite({
    ...options,
    lacks,
    rules: allProviderRules,
    start: async () => createProviderBed(await start()),
  });
}
