import { demand, explainBrokenRule } from "./demand.ts";
import type { Rule, TestRunner } from "./rule.ts";

/** A test bed that a suite creates for each check. */
export interface ClosableBed<Ability extends string> {
  /** The abilities that the adapter and its test setup show. */
  readonly abilities: ReadonlySet<Ability>;
  /** The member of the adapter or of its test setup that provides each ability. */
  readonly members: Readonly<Record<Ability, string>>;
  close(): Promise<void>;
}

/** What a suite registers: one test per rule that applies, and one per ability that is declared missing. */
export interface Suite<Bed extends ClosableBed<Ability>, Ability extends string> extends TestRunner {
  readonly name: string;
  readonly rules: readonly Rule<Bed, Ability>[];
  readonly lacks: readonly Ability[];
  readonly start: () => Promise<Bed>;
}

/** Registers the tests of a suite. Nothing is skipped in silence: a declaration that an ability is missing is tested as well. */
export function registerSuite<Bed extends ClosableBed<Ability>, Ability extends string>(
  suite: Suite<Bed, Ability>,
): void {
  const lacks = new Set(suite.lacks);
  suite.describe(suite.name, () => {
    for (const rule of suite.rules) {
      if (rule.needs.some((ability) => lacks.has(ability))) continue;
      suite.it(`${rule.id}: ${rule.demand}`, () => checkRule(rule, suite.start));
    }
    for (const ability of lacks) {
      const skipped = suite.rules.filter(({ needs }) => needs.includes(ability));
      suite.it(`lacks ${ability}, so ${skipped.length} rules do not apply`, () =>
        checkRule(createLackRule(ability), suite.start),
      );
    }
  });
}

/** Checks one rule, and throws an error that explains it if it is broken. */
export async function checkRule<Bed extends ClosableBed<Ability>, Ability extends string>(
  rule: Rule<Bed, Ability>,
  start: () => Promise<Bed>,
): Promise<void> {
  const beds: Bed[] = [];
  try {
    await rule.check(async () => {
      const bed = await start();
      beds.push(bed);
      for (const ability of rule.needs) {
        demand(
          bed.abilities.has(ability),
          `The test setup has no ${ability}, which this rule needs. Provide \`${bed.members[ability]}\`, or add "${ability}" to \`lacks\`.`,
        );
      }
      return bed;
    });
  } catch (error) {
    throw explainBrokenRule(rule, error);
  } finally {
    for (const bed of beds) await bed.close();
  }
}

function createLackRule<Bed extends ClosableBed<Ability>, Ability extends string>(
  ability: Ability,
): Rule<Bed, Ability> {
  return {
    id: `lacks/${ability}`,
    demand: "What is declared to be missing must be missing, so that no rule is skipped by mistake.",
    needs: [],
    async check(start) {
      const { abilities } = await start();
      demand(
        !abilities.has(ability),
        `"${ability}" is in \`lacks\`, but it is there. Remove it from \`lacks\`.`,
      );
    },
  };
}
