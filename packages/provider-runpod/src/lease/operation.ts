import type { LeaseContext } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { Choice } from "../choose/choice.ts";
import type { Reference } from "../names.ts";

/** Everything that a step of renting needs. */
export interface LeaseOperation {
  readonly calls: Calls;
  readonly context: LeaseContext;
  readonly choice: Choice;
  /** Name of the pod. */
  readonly name: string;
  readonly publicKey: string;
  /** What every record of the pod contains. */
  readonly reference: Reference;
  /** US dollars per hour and GPU, for a spot pod. */
  readonly bidPerGpu: number;
  readonly now: () => number;
}
