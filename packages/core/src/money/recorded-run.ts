import type { EventStore } from "../follow/event-store.ts";
import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import type { Framework, Plan, Provider } from "../spec/index.ts";
import type { LeaseState } from "../state/lease-state.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { RunFolder } from "../state/run-folder.ts";
import type { Clock } from "../time/clock.ts";

/** What a receipt is made of: the plan of a run, its ledger, the lease of its newest attempt, and its events. */
export interface RecordedRun {
  readonly plan: Plan;
  readonly provider: Pick<Provider, "ownership">;
  readonly framework: Pick<Framework, "nextCommands">;
  readonly sanitizer: Pick<OutputSanitizer, "maskText">;
  readonly folder: Pick<RunFolder, "home">;
  readonly lease: { readonly id: string; readonly ledger: { readonly state: LeaseState } };
  readonly ledger: { readonly state: LedgerState };
  readonly events: Pick<EventStore, "readPast">;
  readonly clock: Pick<Clock, "now">;
}
