import type { ErrorCode, ErrorReport, Receipt } from "@unitrain/core";

/** The exit codes of all commands. They are documented and stable. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  trainingFailed: 3,
  releaseUnconfirmed: 4,
  interrupted: 130,
} as const;

/** One of {@link exitCodes}. For `unitrain ssh` it is the exit code of the program on the machine. */
export type ExitCode = number;

/** How a command ended. */
export interface Ending {
  readonly error?: Pick<ErrorReport, "code"> | undefined;
  readonly receipt?: Pick<Receipt, "outcome" | "lease"> | undefined;
  /** Whether a signal such as Ctrl-C ended it. */
  readonly wasInterrupted?: boolean;
}

/**
 * Returns the exit code for an ending. That something may still cost money takes precedence over everything else.
 *
 * @example
 * ```ts
 * import { getExitCode } from "@unitrain/cli";
 *
 * process.exitCode = getExitCode({ error: { code: "TRAINING_FAILED" } }); // 3
 * ```
 */
export function getExitCode({ error, receipt, wasInterrupted = false }: Ending): ExitCode {
  if (error?.code === "RELEASE_UNCONFIRMED" || receipt?.lease.release === "release-unconfirmed") {
    return exitCodes.releaseUnconfirmed;
  }
  // A signal that came when the run was nearly complete did not interrupt it.
  if (wasInterrupted && receipt?.outcome !== "completed") return exitCodes.interrupted;
  if (error !== undefined) return exitCodesByError[error.code] ?? exitCodes.failed;
  if (receipt?.outcome === "training-failed") return exitCodes.trainingFailed;
  if (receipt?.outcome === "failed") return exitCodes.failed;
  return exitCodes.done;
}

/** Exit codes by error. Bad input that was found before anything started is wrong usage. All other errors end with 1. */
const exitCodesByError: Partial<Record<ErrorCode, ExitCode>> = {
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
