/** One rule of a suite, as data. The documentation's list of rules is generated from it. */
export interface Rule<Bed, Ability extends string, Id extends string = string> {
  /** `<kind>/<rule>`, as in `provider/release-is-idempotent`. It never changes its meaning. */
  readonly id: Id;
  /** What is demanded and why, in one sentence. */
  readonly demand: string;
  /** What an adapter and its test setup must be able to do for this rule. Without it the author declares that they lack it. */
  readonly needs: readonly Ability[];
  /** Rejects if the rule is broken. `start` creates a fresh adapter with its surroundings, which are closed after the check. */
  check(start: () => Promise<Bed>): Promise<void>;
}

/** The functions of a test runner: those of vitest, jest and `node:test` fit. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}
