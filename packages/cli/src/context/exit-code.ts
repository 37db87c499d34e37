import type { ErrorCode, ErrorReport, Receipt } from "@unitrain/core";

/** What a command ends with. Documented, stable. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  trainingFailed: 3,
  releaseUnconfirmed: 4,
  interrupted: 130,
} as const;

/** One of {@link exitCodes}; of `unitrain ssh`, what the program there ended with. */
export type ExitCode = number;

/** How a command came to its end; everything that is known of it. */
export interface Ending {
  readonly error?: Pick<ErrorReport, "code"> | undefined;
  readonly receipt?: Pick<Receipt, "outcome" | "lease"> | undefined;
  /** Ctrl-C or one of its kind ended it. */
  readonly wasInterrupted?: boolean;
}

/**
 * The one place that turns an ending into an exit code. What may go on costing beats everything.
 *
 * @example
 * ```ts
 * import { exitCodeOf } from "@unitrain/cli";
 *
 * process.exitCode = exitCodeOf({ error: { code: "TRAINING_FAILED" } }); // 3
 * ```
 */
export function exitCodeOf({ error, receipt, wasInterrupted = false }: Ending): ExitCode {
  if (error?.code === "RELEASE_UNCONFIRMED" || receipt?.lease.release === "release-unconfirmed") {
    return exitCodes.releaseUnconfirmed;
  }
  // The signal came when everything was done already, or nearly.
  if (wasInterrupted && receipt?.outcome !== "completed") return exitCodes.interrupted;
  if (error !== undefined) return ofError[error.code] ?? exitCodes.failed;
  if (receipt?.outcome === "training-failed") return exitCodes.trainingFailed;
  if (receipt?.outcome === "failed") return exitCodes.failed;
  return exitCodes.done;
}

/** Bad input that was found before anything started is wrong usage; what is not named here is 1. */
const ofError: Partial<Record<ErrorCode, ExitCode>> = {
  INVALID_OPTIONS: exitCodes.usage,
  INVALID_DATASET: exitCodes.usage,
  INVALID_ADAPTER: exitCodes.usage,
  TRANSPORT_MISMATCH: exitCodes.usage,
  DATA_CHANGED: exitCodes.usage,
  OUTPUT_UNUSABLE: exitCodes.usage,
  SECRET_MISSING: exitCodes.usage,
  BUDGET_TOO_SMALL: exitCodes.usage,
  RUN_NOT_FOUND: exitCodes.usage,
  STATE_UNSAFE: exitCodes.usage,
  TRAINING_FAILED: exitCodes.trainingFailed,
  CANCELLED: exitCodes.interrupted,
};
