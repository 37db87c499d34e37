import { allProviderRules, type ProviderRuleId } from "../provider/provider-rules.ts";
import type { ProviderRule } from "../provider/rule.ts";

/** A rule that can be checked against a real account. */
export interface LiveRule {
  readonly rule: ProviderRule;
  /** How many machines it rents. */
  readonly rentals: number;
  /** How many of them it holds at the same time. */
  readonly atOnce: number;
}

/** How many machines each live rule rents, or "each-record" for one machine per record of a lease. The other rules need a fake cloud. */
const rentals: Readonly<Partial<Record<ProviderRuleId, number | "each-record">>> = {
  "provider/has-all-members": 0,
  "provider/recipe-is-json": 0,
  "provider/quote-is-json": 0,
  "provider/quote-has-a-price": 0,
  "provider/quote-spends-nothing": 0,
  "provider/too-expensive-is-refused": 0,
  "provider/too-small-is-refused": 0,
  "provider/plan-is-pure": 0,
  "provider/names-contain-the-lease": 0,
  "provider/release-before-lease": 0,
  "provider/stops-when-not-wanted": 1,
  "provider/release-proves-everything": 1,
  "provider/proof-means-gone": 1,
  "provider/release-is-idempotent": 1,
  "provider/records-before-requesting": 1,
  "provider/machine-fits-the-connection": 1,
  "provider/list-finds-everything": 1,
  "provider/list-can-be-released": 1,
  "provider/release-touches-only-its-lease": 2,
  "provider/crash-loses-nothing": "each-record",
};

/**
 * Returns the rules that are checked against a real account: first those that cost nothing.
 *
 * @param resources How many resources a lease creates. Each is recorded before and after its request.
 */
export function listLiveRules(resources: number): readonly LiveRule[] {
  return Object.entries(rentals).flatMap(([id, count]) =>
    allProviderRules
      .filter((rule) => rule.id === id)
      .map((rule) =>
        count === "each-record"
          ? { rule, rentals: 1 + 2 * resources, atOnce: 1 }
          : { rule, rentals: count, atOnce: count },
      ),
  );
}
