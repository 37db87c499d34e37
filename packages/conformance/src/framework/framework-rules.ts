import { adapterRules } from "./rules/adapter.ts";
import { dataRules } from "./rules/data.ts";
import { jobRules } from "./rules/job.ts";
import { progressRules } from "./rules/progress.ts";
import { resultRules } from "./rules/results.ts";

/** All rules of the framework suite. */
export const allFrameworkRules = [
  ...adapterRules,
  ...dataRules,
  ...jobRules,
  ...progressRules,
  ...resultRules,
];

/** The id of a rule of the framework suite. */
export type FrameworkRuleId = (typeof allFrameworkRules)[number]["id"];
