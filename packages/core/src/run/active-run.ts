import type { Assembly } from "../adapters/assembly.ts";
import type { EventStore } from "../follow/event-store.ts";
import type { ActiveLease } from "../lease/active-lease.ts";
import { createLeaseContext } from "../lease/release.ts";
import type { HashedManifest } from "../manifest/hash-manifest.ts";
import type {
  Phase,
  Plan,
  Provider,
  Resource,
  RunEventBody,
  Transport,
  UnitrainError,
} from "../spec/index.ts";
import type { RunLedger } from "../state/ledger.ts";
import type { RunEntryBody } from "../state/ledger-entry.ts";
import type { Lock } from "../state/lock.ts";
import type { RunFolder } from "../state/run-folder.ts";
import type { Clock } from "../time/clock.ts";
import { settleWithin } from "../time/settle-within.ts";
import type { MachineLink } from "./link-call.ts";

/** Everything that the steps of one run need. Each process creates one for each run that it drives. */
export interface ActiveRun {
  readonly plan: Plan;
  readonly assembly: Assembly;
  readonly provider: Provider;
  readonly transport: Transport;
  readonly folder: RunFolder;
  /** The lease of the newest attempt. */
  readonly lease: ActiveLease;
  /** Continues the run with another lease, whose lock this process has taken. */
  readonly useLease: (lease: ActiveLease, lock: Lock | undefined) => void;
  readonly ledger: RunLedger;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly link: MachineLink;
  /** The manifest that `plan` hashed in this process. If undefined, the data is checked again. */
  readonly shipment: HashedManifest | undefined;
  /** Whether another process started this run. */
  readonly resumed: boolean;
  readonly secrets: Readonly<Record<string, string>>;
  /** Aborted when the run is stopped by the user or by its limit. Never aborts a call of `lease` or `release`. */
  readonly stopSignal: AbortSignal;
  /** Aborted when this process detaches from the run and leaves the job running. */
  readonly detachSignal: AbortSignal;
  /** Aborted at the run's deadline. Files that are not downloaded by then are not downloaded at all. */
  readonly deadlineSignal: AbortSignal;
  /** What stopped the run. */
  readonly stoppedBy: () => "user" | "limit";
  /** All errors that this process met. The first one is the run's error. */
  readonly failures: UnitrainError[];
  /** Resources that the provider has confirmed gone to this process, including confirmations that could not be recorded. */
  readonly proven: Resource[];
  /** Whether `gc` ends the run. Then it does not wait for anything that only a person can fix. */
  readonly isCollected: boolean;
  /** Aborted when the user stops the run a second time. The job is then stopped again with the current `graceMs`. */
  readonly forceSignal: AbortSignal;
  /** How long the job may take to end by itself after it is told to stop. */
  readonly graceMs: () => number;
  /** Cancels a download during the run, and waits a limited time until it has ended. */
  readonly endPulls: () => Promise<void>;
}

/** Thrown when this process detaches and leaves the job running. This is not an error. */
export const detached = Symbol("detached");

/** Runs one phase, and emits an event when it starts and when it ends. */
export async function runPhase<T>(run: ActiveRun, phase: Phase, step: () => Promise<T>): Promise<T> {
  const start = run.clock.now();
  await emit(run, { type: "phase", phase, state: "started" });
  const over = (state: "ended" | "failed") =>
    emit(run, { type: "phase", phase, state, seconds: (run.clock.now() - start) / 1000 });
  try {
    const result = await step();
    await over("ended");
    return result;
  } catch (error) {
    // A phase from which this process detached has not failed.
    if (error !== detached && !run.detachSignal.aborted) await over("failed");
    throw error;
  }
}

/** How long to wait until an event is on disk. A hanging disk must not block the run. */
const eventPatienceMs = 5_000;

export async function emit(run: Pick<ActiveRun, "clock" | "events">, body: RunEventBody): Promise<void> {
  await settleWithin(run.clock, eventPatienceMs, run.events.emit(body));
}

/** How long to wait until a ledger entry is on disk. A hanging disk must not block the run. */
const recordPatienceMs = 5_000;
const warnedRuns = new WeakSet<ActiveRun>();

/**
 * Records what has happened in the run's ledger. If that fails, for example because the disk is full, it warns once and the run
 * continues, because a failed record must neither lose the model nor keep a rented machine running.
 */
export async function recordFact(run: ActiveRun, entry: RunEntryBody): Promise<void> {
  const writing = run.ledger.note(entry).then(async (failure) => {
    if (failure === undefined || warnedRuns.has(run)) return;
    warnedRuns.add(run);
    const { message } = run.assembly.sanitizer.maskError(failure);
    await emit(run, {
      type: "warning",
      phase: "train",
      message,
      hint: "Free some disk space. The run continues.",
    });
  });
  await settleWithin(run.clock, recordPatienceMs, writing);
}

/** Records a fact like `recordFact` on a rented machine. On a borrowed machine, which costs nothing, a failed record is an error. */
export async function noteUnlessFree(run: ActiveRun, entry: RunEntryBody): Promise<void> {
  if (run.provider.ownership === "rented") await recordFact(run, entry);
  else await run.ledger.append(entry);
}

/** Returns the fields that a call's context needs in addition for this run's machine. */
export function createRunContext({ plan, lease }: Pick<ActiveRun, "plan" | "lease">) {
  return createLeaseContext({ runId: plan.runId, lease });
}
