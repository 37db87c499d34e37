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

/** Everything that a step of one run needs; made once for each run and process. */
export interface ActiveRun {
  readonly plan: Plan;
  readonly assembly: Assembly;
  readonly provider: Provider;
  readonly transport: Transport;
  readonly folder: RunFolder;
  /** That of the newest attempt. */
  readonly lease: ActiveLease;
  /** The run goes on with the machine of another lease, whose lock was taken. */
  readonly useLease: (lease: ActiveLease, lock: Lock | undefined) => void;
  readonly ledger: RunLedger;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly link: MachineLink;
  /** What `plan` hashed, when it was in this process; else it is checked again. */
  readonly shipment: HashedManifest | undefined;
  /** Another process began this run. */
  readonly resumed: boolean;
  readonly secrets: Readonly<Record<string, string>>;
  /** Aborted, with `CANCELLED`, when the user wants the run to end. Never handed to `lease` or `release`. */
  readonly stopSignal: AbortSignal;
  /** Aborted when this process shall leave the job to itself. */
  readonly detachSignal: AbortSignal;
  /** Aborted at the run's deadline: what is not downloaded by then is left. */
  readonly deadlineSignal: AbortSignal;
  /** Who wanted the end. */
  readonly stoppedBy: () => "user" | "limit";
  /** The errors of this process, whole; the first one counts. */
  readonly failures: UnitrainError[];
  /** What the provider has confirmed gone in this process, also where that could not be written down. */
  readonly proven: Resource[];
  /** `gc` ends it: nothing is waited for that only a person can change. */
  readonly isCollected: boolean;
  /** Aborted when the user asked to end a second time: with what `graceMs` says then. */
  readonly forceSignal: AbortSignal;
  /** How long the job may take to end by itself once it is unwanted. */
  readonly graceMs: () => number;
  /** Cancels a download during the run. Waits for it, with a bound. */
  readonly endPulls: () => Promise<void>;
}

/** Thrown when this process leaves the job to itself: no fault. */
export const detached = Symbol("left");

/** Runs one phase: told when it starts and how it ended. */
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
    // What this process leaves in the middle has not failed.
    if (error !== detached && !run.detachSignal.aborted) await over("failed");
    throw error;
  }
}

/** So long an event is waited for until it is on disk: one that hangs there must hold up nothing. */
const eventPatienceMs = 5_000;

export async function emit(run: Pick<ActiveRun, "clock" | "events">, body: RunEventBody): Promise<void> {
  await settleWithin(run.clock, eventPatienceMs, run.events.emit(body));
}

/** A record on a disk that hangs is not waited for. */
const recordPatienceMs = 5_000;
const toldUnwritten = new WeakSet<ActiveRun>();

/**
 * Writes down what has happened. Where that is impossible (a full disk), it is said once and the run goes on: a record must not
 * cost the model of a machine that is paid for, nor keep it running.
 */
export async function recordFact(run: ActiveRun, entry: RunEntryBody): Promise<void> {
  const writing = run.ledger.note(entry).then(async (failure) => {
    if (failure === undefined || toldUnwritten.has(run)) return;
    toldUnwritten.add(run);
    const { message } = run.assembly.sanitizer.maskError(failure);
    await emit(run, {
      type: "warning",
      phase: "train",
      message,
      hint: "Free some disk space: the run goes on.",
    });
  });
  await settleWithin(run.clock, recordPatienceMs, writing);
}

/** The same on a rented machine. One that costs nothing is left as it is until it can be written down. */
export async function noteUnlessFree(run: ActiveRun, entry: RunEntryBody): Promise<void> {
  if (run.provider.ownership === "rented") await recordFact(run, entry);
  else await run.ledger.append(entry);
}

/** What turns a call's context into one of this run's machine. */
export function createRunContext({ plan, lease }: Pick<ActiveRun, "plan" | "lease">) {
  return createLeaseContext({ runId: plan.runId, lease });
}
