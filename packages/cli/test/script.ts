import type { GcReport, LeaseSummary, Plan, Resource, RunSummary } from "@unitrain/core";
import type { OpenedCloud } from "../src/context/cli-context.ts";
import type { Adapters } from "../src/machines/create-adapters.ts";
import type { EventScript } from "./event-script.ts";

/** What a scripted engine shows and answers instead of training. */
export interface Script {
  readonly plan?: Plan;
  /** How long planning takes. */
  readonly planMs?: number;
  /** Instead of a plan. */
  readonly planError?: Error;
  readonly eventScript?: EventScript;
  readonly role?: "controller" | "follower";
  /** Instead of a result, once the story is told. */
  readonly error?: Error;
  readonly runs?: readonly RunSummary[];
  /** The state of a run that `runs` does not contain; by default `detached`. */
  readonly state?: RunSummary["state"];
  readonly leases?: readonly LeaseSummary[];
  readonly gc?: Partial<GcReport>;
  /** `gc` goes on until it is told to release at once. */
  readonly doesGcWait?: boolean;
  /** What a machine is looked at by. */
  readonly adapters?: Adapters;
  /** The clouds that are compared; by default that of `adapters`. */
  readonly clouds?: readonly OpenedCloud[];
  /** Instead of a run that is taken up. */
  readonly attachError?: Error;
  /** What the provider answers to a key. */
  readonly keyError?: Error;
  /** Instead of a way onto the machine. */
  readonly accessError?: Error;
  /** Runs that cost and that nobody drives. */
  readonly alone?: readonly string[];
  /** What is at the provider and in no record. */
  readonly untracked?: readonly Resource[];
  /** The id of an untracked resource that cannot be released. */
  readonly staysId?: string;
  /** Instead of leaving the run to itself. */
  readonly detachError?: Error;
  readonly log?: string;
  /** When everything happened; by default now. */
  readonly at?: string;
  /** A stop that never comes to its end. */
  readonly stopHangs?: boolean;
}
