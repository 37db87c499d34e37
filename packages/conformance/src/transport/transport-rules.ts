import { connectRules } from "./rules/connect.ts";
import { cutRules } from "./rules/cut.ts";
import { fetchRules } from "./rules/fetch.ts";
import { fileRules } from "./rules/files.ts";
import { followRules } from "./rules/follow.ts";
import { jobRules } from "./rules/job.ts";
import { runRules } from "./rules/run.ts";
import { shipRules } from "./rules/ship.ts";

/** All rules of the transport suite. */
export const allTransportRules = [
  ...connectRules,
  ...runRules,
  ...shipRules,
  ...jobRules,
  ...followRules,
  ...fetchRules,
  ...fileRules,
  ...cutRules,
];

/** The id of a rule of the transport suite. */
export type TransportRuleId = (typeof allTransportRules)[number]["id"];
