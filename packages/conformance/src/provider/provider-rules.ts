import { adapterRules } from "./rules/adapter.ts";
import { leaseRules } from "./rules/lease.ts";
import { listRules } from "./rules/list.ts";
import { lostAnswerRules } from "./rules/lost-answers.ts";
import { outputRules } from "./rules/output.ts";
import { planRules } from "./rules/plan.ts";
import { quoteRules } from "./rules/quote.ts";
import { releaseRules } from "./rules/release.ts";
import { stateRules } from "./rules/state.ts";

/** All rules of the provider suite. */
export const allProviderRules = [
  ...adapterRules,
  ...quoteRules,
  ...planRules,
  ...leaseRules,
  ...lostAnswerRules,
  ...releaseRules,
  ...stateRules,
  ...listRules,
  ...outputRules,
];

/** The id of a rule of the provider suite. */
export type ProviderRuleId = (typeof allProviderRules)[number]["id"];
