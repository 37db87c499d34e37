import * as faults from "../../faults/common-faults.ts";
import { dialect } from "./dialect.ts";

/** The faults of all clouds, in the words of this one. All make sense for it. */
export const commonFaults = faults.createCommonFaults(dialect, {});
