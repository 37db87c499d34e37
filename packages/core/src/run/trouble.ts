import { type ErrorCode, UnitrainError } from "../spec/index.ts";
import { type ActiveRun, emit } from "./active-run.ts";

/** How long a machine that answers, but not as it should, is asked again. */
const patienceMs = 10 * 60_000;
/** The end is wanted, and the machine may cost. */
const endingPatienceMs = 60_000;
const betweenTriesMs = 5_000;

/** What goes wrong while a training is followed, and may pass: one bad answer must not end what runs well. */
export interface Trouble {
  /** Everything works again. */
  passed(): void;
  /** Says what is wrong, once, and waits a little. @throws the error when it is final or has lasted too long. */
  met(error: unknown): Promise<void>;
  /** How often in a row. */
  readonly count: number;
}

export function createTrouble(run: ActiveRun, signal: AbortSignal): Trouble {
  const { clock } = run;
  let since: number | undefined;
  let reported = "";
  let count = 0;
  return {
    get count() {
      return count;
    },
    passed() {
      since = undefined;
      count = 0;
    },
    async met(error) {
      if (signal.aborted || !UnitrainError.isInstance(error) || isFinal(run, error)) throw error;
      since ??= clock.now();
      if (clock.now() - since > patienceFor(run, error)) throw error;
      count += 1;
      const { message, hint, action } = run.assembly.sanitizer.maskError(error);
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

/** Faults of this computer's disk: they say nothing of the training. */
export function isLocalFault(error: unknown): boolean {
  return UnitrainError.isInstance(error) && localFaults.has(error.code);
}

/** What keeps this computer from the machine, and says nothing of the training. */
export function isConnectivityFault({ code }: UnitrainError): boolean {
  return code === "NOT_AVAILABLE" || code === "CONNECTION_LOST" || closed.has(code) || suspicious.has(code);
}

const localFaults: ReadonlySet<ErrorCode> = new Set(["LOCAL_DISK", "LEDGER_UNWRITABLE"]);
/** Only the user can change it: a key that cannot be read. */
const closed: ReadonlySet<ErrorCode> = new Set(["NOT_READY", "LOGIN_REFUSED", "LOGIN_NEEDS_PERSON"]);
const suspicious: ReadonlySet<ErrorCode> = new Set([
  "HOST_KEY_CHANGED",
  "HOST_KEY_UNKNOWN",
  "UNUSABLE_GATEWAY",
]);
const final: ReadonlySet<ErrorCode> = new Set(["MACHINE_GONE", "NOT_AVAILABLE", "CANCELLED", "INTERNAL"]);

function isFinal(run: ActiveRun, error: UnitrainError): boolean {
  if (final.has(error.code)) return true;
  // A training that costs nothing is left to itself then: see `leavesJobRunning`.
  if (run.provider.ownership === "borrowed") return isLocalFault(error) || isConnectivityFault(error);
  return run.isCollected && (closed.has(error.code) || suspicious.has(error.code)) && !error.retryable;
}

/** The training goes on, as was wanted, whether it is seen from here or not. */
function patienceFor(run: ActiveRun, error: UnitrainError): number {
  if (isLocalFault(error)) return Number.POSITIVE_INFINITY;
  if (closed.has(error.code)) return run.stopSignal.aborted ? patienceMs : Number.POSITIVE_INFINITY;
  return run.stopSignal.aborted ? endingPatienceMs : patienceMs;
}
