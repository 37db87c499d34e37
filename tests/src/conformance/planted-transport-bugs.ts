import type { TransportRuleId } from "@unitrain/conformance";
import type { Plant } from "./plant.ts";
import { plantedConnectionBugs } from "./planted-connection-bugs.ts";
import { plantedFileBugs } from "./planted-file-bugs.ts";
import { plantedJobBugs } from "./planted-job-bugs.ts";

/** One bug for each rule of the transport suite, in a transport that otherwise works. A rule without a bug is a type error. */
export const plantedTransportBugs: Readonly<Record<TransportRuleId, Plant>> = {
  ...plantedConnectionBugs,
  ...plantedJobBugs,
  ...plantedFileBugs,
};
