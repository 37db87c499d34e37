import type * as faults from "../../faults/plan.ts";
import type { CallName, CallRequest } from "../http/call.ts";
import type { FaultName } from "./table.ts";

/** A fault of this cloud that was asked for. */
export type FaultOrder = faults.FaultOrder<FaultName, CallName, CallRequest>;

/** Faults of this cloud by chance. */
export type RandomFaults = faults.RandomFaults<FaultName>;
