import type { Action } from "./action.ts";
import type { Finding } from "./dataset.ts";
import { documentationUrl } from "./documentation.ts";
import type { Phase } from "./phase.ts";

/** The stable codes of errors: a code never changes its meaning. `docs/errors.md` explains each of them. */
export type ErrorCode =
  // Before anything is spent.
  | "INVALID_OPTIONS"
  | "INVALID_DATASET"
  | "INVALID_ADAPTER"
  | "TRANSPORT_MISMATCH"
  | "UNSUPPORTED_PLATFORM"
  | "DATA_CHANGED"
  | "OUTPUT_UNUSABLE"
  | "SECRET_MISSING"
  | "NOT_AVAILABLE"
  // Answers of a provider.
  | "PROVIDER_ACCESS"
  | "PAYMENT_REQUIRED"
  | "QUOTA_EXCEEDED"
  | "OUT_OF_STOCK"
  | "NO_NETWORK"
  | "PROVIDER_UNAVAILABLE"
  | "BUDGET_TOO_SMALL"
  // State on this computer.
  | "RUN_NOT_FOUND"
  | "RUN_BUSY"
  | "STATE_UNREADABLE"
  | "STATE_UNSAFE"
  | "LEDGER_UNWRITABLE"
  | "LOCAL_DISK"
  // Machine and connection.
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
  // The job and its results.
  | "JOB_NOT_STARTED"
  | "JOB_LOST"
  | "TRAINING_FAILED"
  | "ARTIFACT_NOT_FOUND"
  | "ARTIFACT_DAMAGED"
  | "FETCH_FAILED"
  // Everything else.
  | "HOOK_FAILED"
  | "ADAPTER_FAILED"
  | "RELEASE_UNCONFIRMED"
  | "TIMED_OUT"
  | "CANCELLED"
  | "INTERNAL";

/** An error as JSON, without its cause and stack. It holds no secrets, so it can be printed. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly action?: Action;
  readonly phase?: Phase;
  readonly adapter?: string;
  readonly retryable: boolean;
  /** The URL that explains the code. */
  readonly documentation: string;
  /** For `INVALID_DATASET`: everything that the check found, including warnings. */
  readonly findings?: readonly Finding[];
}

/** The optional fields of a new `UnitrainError`. */
export interface ErrorDetails {
  /** What the user can do, as a sentence in the imperative. It names no command; see `action`. */
  readonly hint?: string | undefined;
  /** The next step that the hint suggests, which the caller words as a command, a button or a call. */
  readonly action?: Action | undefined;
  readonly phase?: Phase | undefined;
  /** The adapter and the method that failed: `provider-local.getMachineState`. */
  readonly adapter?: string | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
  /** For `INVALID_DATASET`: everything that the check found, including warnings. */
  readonly findings?: readonly Finding[] | undefined;
}

const marker = Symbol.for("unitrain.error.v1");

/**
 * The only error class of unitrain. `UnitrainError.isInstance` recognizes it by a marker instead of its class, so errors of another
 * copy of this package are recognized too. It never carries options, headers or secrets, so it can be printed.
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
  /** The URL that explains this code. */
  readonly documentation: string;
  /** For `INVALID_DATASET`: everything that the check found, including warnings. */
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

  /** Whether a value is a `UnitrainError`, of this or another copy of this package. */
  static isInstance(value: unknown): value is UnitrainError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }

  /** Returns the error as JSON, without its cause and stack. */
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

/** Returns the URL of the section of `docs/errors.md` that explains a code. */
export function getDocumentationUrl(code: ErrorCode): string {
  return `${documentationUrl}/errors#${code.toLowerCase().replaceAll("_", "-")}`;
}
