import type { Action } from "./action.ts";
import type { Finding } from "./dataset.ts";
import { documentationUrl } from "./documentation.ts";
import type { Phase } from "./phase.ts";

/** Stable: a code never changes its meaning. The documentation has a paragraph on each. */
export type ErrorCode =
  // before anything is spent
  | "INVALID_OPTIONS"
  | "INVALID_DATASET"
  | "INVALID_ADAPTER"
  | "TRANSPORT_MISMATCH"
  | "UNSUPPORTED_PLATFORM"
  | "DATA_CHANGED"
  | "OUTPUT_UNUSABLE"
  | "SECRET_MISSING"
  | "NOT_AVAILABLE"
  // what a provider answers
  | "PROVIDER_ACCESS"
  | "PAYMENT_REQUIRED"
  | "QUOTA_EXCEEDED"
  | "OUT_OF_STOCK"
  | "NO_NETWORK"
  | "PROVIDER_UNAVAILABLE"
  | "BUDGET_TOO_SMALL"
  // state on this computer
  | "RUN_NOT_FOUND"
  | "RUN_BUSY"
  | "RUN_OVER"
  | "STATE_UNREADABLE"
  | "STATE_UNSAFE"
  | "LEDGER_UNWRITABLE"
  | "LOCAL_DISK"
  // machine and connection
  | "LEASE_FAILED"
  | "MACHINE_GONE"
  | "NOT_READY"
  | "CONNECTION_LOST"
  | "REMOTE_COMMAND"
  | "HOST_KEY_CHANGED"
  | "HOST_KEY_UNKNOWN"
  | "LOGIN_REFUSED"
  | "LOGIN_NEEDS_PERSON"
  | "UNUSABLE_GATEWAY"
  | "DOES_NOT_FIT"
  | "REMOTE_DISK"
  | "SHIP_FAILED"
  | "UNSAFE_PATH"
  | "ENVIRONMENT_FAILED"
  // job and what it leaves
  | "JOB_NOT_STARTED"
  | "JOB_LOST"
  | "TRAINING_FAILED"
  | "ARTIFACT_NOT_FOUND"
  | "ARTIFACT_DAMAGED"
  | "FETCH_FAILED"
  // around it
  | "HOOK_FAILED"
  | "ADAPTER_FAILED"
  | "RELEASE_UNCONFIRMED"
  | "TIMED_OUT"
  | "CANCELLED"
  | "INTERNAL";

/** What an error says, as JSON; safe to print. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly action?: Action;
  readonly phase?: Phase;
  readonly adapter?: string;
  readonly retryable: boolean;
  readonly documentation: string;
  /** Of `INVALID_DATASET`: everything that the check found, warnings included. */
  readonly findings?: readonly Finding[];
}

export interface ErrorDetails {
  /** What to do about it, as a sentence. */
  readonly hint?: string | undefined;
  /** The call that the hint is about, for programs that word it. The hint names no command. */
  readonly action?: Action | undefined;
  readonly phase?: Phase | undefined;
  /** Whose: `provider-local.getMachineState`. */
  readonly adapter?: string | undefined;
  /** Trying the same again may work. */
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
  /** Of `INVALID_DATASET`: everything that the check found, warnings included. */
  readonly findings?: readonly Finding[] | undefined;
}

const marker = Symbol.for("unitrain.error.v1");

/**
 * The one error of unitrain. It is known by its marker, not by its class, so that two copies of this package agree.
 * It never carries options, headers or secrets: safe to print by construction.
 *
 * @example
 * ```ts
 * import { UnitrainError } from "@unitrain/core/spec";
 *
 * const error = new UnitrainError("INVALID_DATASET", "./pallets has no data.yaml.", { hint: "Name the folder that holds it." });
 * if (UnitrainError.isInstance(error)) console.log(error.code, error.hint);
 * ```
 */
export class UnitrainError extends Error {
  override readonly name = "UnitrainError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly action: Action | undefined;
  readonly phase: Phase | undefined;
  readonly adapter: string | undefined;
  readonly retryable: boolean;
  /** Where this code is explained. */
  readonly documentation: string;
  /** Of `INVALID_DATASET`: everything that the check found, warnings included. */
  readonly findings: readonly Finding[] | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.action = details.action;
    this.phase = details.phase;
    this.adapter = details.adapter;
    this.retryable = details.retryable ?? false;
    this.documentation = getDocumentationUrl(code);
    this.findings = details.findings;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether it is one of ours, from whichever copy of this package. */
  static isInstance(value: unknown): value is UnitrainError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }

  /** The error as JSON, without its cause. */
  toJSON(): ErrorReport {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.action === undefined ? {} : { action: this.action }),
      ...(this.phase === undefined ? {} : { phase: this.phase }),
      ...(this.adapter === undefined ? {} : { adapter: this.adapter }),
      retryable: this.retryable,
      documentation: this.documentation,
      ...(this.findings === undefined ? {} : { findings: this.findings }),
    };
  }
}

/** Returns the address of the paragraph that explains a code: a heading of `docs/errors.md`. */
export function getDocumentationUrl(code: ErrorCode): string {
  return `${documentationUrl}/errors#${code.toLowerCase().replaceAll("_", "-")}`;
}
