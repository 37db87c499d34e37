import { adapterRules } from "./rules/adapter.ts";
import { commandLineRules } from "./rules/command-line.ts";
import { dataRules } from "./rules/data.ts";
import { hookRules } from "./rules/hooks.ts";
import { jobRules } from "./rules/job.ts";
import { progressRules } from "./rules/progress.ts";
import { resultRules } from "./rules/results.ts";
import { resumeRules } from "./rules/resume.ts";
import { unusualInputRules } from "./rules/unusual-input.ts";

/** All rules of the framework suite. */
export const allFrameworkRules = [
  ...adapterRules,
  ...dataRules,
  ...jobRules,
  ...progressRules,
  ...resultRules,
  ...resumeRules,
  ...hookRules,
  ...commandLineRules,
  ...unusualInputRules,
];

/** The id of a rule of the framework suite. */
export type FrameworkRuleId = (typeof allFrameworkRules)[number]["id"];
