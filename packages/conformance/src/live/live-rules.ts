import { allProviderRules, type ProviderRuleId } from "../provider/provider-rules.ts";
import type { ProviderRule } from "../provider/rule.ts";

/** A rule that can be checked against a real account, and how many machines it rents, one after the other or together. */
export interface LiveRule {
  readonly rule: ProviderRule;
  readonly rentals: number;
}

/** How many machines each live rule rents. The other rules need a fake cloud that plays a fault, or rent too often. */
const rentals: Readonly<Partial<Record<ProviderRuleId, number>>> = {
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
};

/** The rules that are checked against a real account: first those that cost nothing. */
export const liveRules: readonly LiveRule[] = Object.entries(rentals).flatMap(([id, count]) =>
  allProviderRules.filter((rule) => rule.id === id).map((rule) => ({ rule, rentals: count })),
);
