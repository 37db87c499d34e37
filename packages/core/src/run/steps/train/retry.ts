import { emit, type Reporter } from "../../../journal/reporter.ts";
import type { OutputSanitizer } from "../../../sanitize/output-sanitizer.ts";
import { type ErrorCode, type Provider, UnitrainError } from "../../../spec/index.ts";
import type { RunSignals } from "../../signals.ts";

/** How long calls to a machine that responds with errors are retried. */
const patienceMs = 10 * 60_000;
/** The same once the run is stopped, because the machine may cost money. */
const endingPatienceMs = 60_000;
const betweenTriesMs = 5_000;

/** Retries transient errors while a training is followed, because a single failed call must not end a training that runs well. */
export interface RetryPolicy {
  /** Resets the count and the time after a successful call. */
  reset(): void;
  /** Warns about the error once and waits before the next try. @throws the error if it is final or has lasted too long. */
  handle(error: unknown): Promise<void>;
  /** The number of consecutive errors. */
  readonly count: number;
}

/** What it takes to decide whether an error is retried, and to warn about it. */
export type RunWithRetries = Reporter &
  Pick<RunSignals, "stopSignal"> & {
    readonly sanitizer: OutputSanitizer;
    readonly provider: Pick<Provider, "ownership">;
    /** Whether `gc` ends the run. Then it does not wait for anything that only a person can fix. */
    readonly isCollected: boolean;
  };

export function createRetryPolicy(run: RunWithRetries, signal: AbortSignal): RetryPolicy {
  const { clock } = run;
  let since: number | undefined;
  let reported = "";
  let count = 0;
  return {
    get count() {
      return count;
    },
    reset() {
      since = undefined;
      count = 0;
    },
    async handle(error) {
      if (signal.aborted || !UnitrainError.isInstance(error) || isFinal(run, error)) throw error;
      since ??= clock.now();
      if (clock.now() - since > getPatienceMs(run, error)) throw error;
      count += 1;
      const { message, hint, action } = run.sanitizer.maskError(error);
      if (message !== reported)
        await emit(run, {
          type: "warning",
          phase: "train",
          message,
          ...(hint === undefined ? {} : { hint }),
          ...(action === undefined ? {} : { action }),
        });
      reported = message;
      await clock.wait(betweenTriesMs, signal);
    },
  };
}

/** Whether the error is a fault of this computer's disk, which does not affect the training. */
export function isLocalFault(error: unknown): boolean {
  return UnitrainError.isInstance(error) && localFaults.has(error.code);
}

/** Whether the error keeps this computer from reaching the machine without affecting the training. */
export function isConnectivityFault({ code }: UnitrainError): boolean {
  return (
    code === "NOT_AVAILABLE" || code === "CONNECTION_LOST" || loginErrors.has(code) || hostKeyErrors.has(code)
  );
}

const localFaults: ReadonlySet<ErrorCode> = new Set(["LOCAL_DISK", "LEDGER_UNWRITABLE"]);
/** Login errors that only the user can fix, such as an unreadable key. */
const loginErrors: ReadonlySet<ErrorCode> = new Set(["NOT_READY", "LOGIN_REFUSED", "LOGIN_NEEDS_PERSON"]);
const hostKeyErrors: ReadonlySet<ErrorCode> = new Set([
  "HOST_KEY_CHANGED",
  "HOST_KEY_UNKNOWN",
  "UNUSABLE_GATEWAY",
]);
const finalErrors: ReadonlySet<ErrorCode> = new Set([
  "MACHINE_GONE",
  "NOT_AVAILABLE",
  "CANCELLED",
  "INTERNAL",
]);

function isFinal(run: RunWithRetries, error: UnitrainError): boolean {
  if (finalErrors.has(error.code)) return true;
  // A training on a borrowed machine is left running instead: see `leavesJobRunning`.
  if (run.provider.ownership === "borrowed") return isLocalFault(error) || isConnectivityFault(error);
  return (
    run.isCollected && (loginErrors.has(error.code) || hostKeyErrors.has(error.code)) && !error.retryable
  );
}

/** Returns how long to retry. Without a request to stop, the training continues as intended, so errors of this computer are retried forever. */
function getPatienceMs(run: Pick<RunWithRetries, "stopSignal">, error: UnitrainError): number {
  if (isLocalFault(error)) return Number.POSITIVE_INFINITY;
  if (loginErrors.has(error.code)) return run.stopSignal.aborted ? patienceMs : Number.POSITIVE_INFINITY;
  return run.stopSignal.aborted ? endingPatienceMs : patienceMs;
}
