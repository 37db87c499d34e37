/** Why a call failed. */
export type FailureKind =
  /** The request was not sent, or no server listens: certainly not done. */
  | "unreachable"
  /** A proxy refused or failed before the API was reached: certainly not done. */
  | "proxy"
  /** The connection was lost, or there was no response in time: done or not. */
  | "no-answer"
  /** The server responded with an error status, or with an error in the body. */
  | "answered"
  /** The response is unusable: no JSON, no id, too large, a redirect. Done or not. */
  | "invalid-response";

export interface FailureDetails {
  readonly kind: FailureKind;
  /** Method and path: `POST /ips`. */
  readonly call: string;
  readonly status?: number | undefined;
  /** The server's message, cleaned so that it is safe to print. */
  readonly response: string;
  readonly retryAfterMs?: number | undefined;
  /** A hint that is more specific than the kind. */
  readonly hint?: string | undefined;
  /** Whether the server refused the call, so that nothing was created. Defaults to what the kind and the status say. */
  readonly isRefused?: boolean | undefined;
  /** Whether a retry may help. Defaults to what the kind and the status suggest. */
  readonly isTransient?: boolean | undefined;
}

/** A failed call. It contains no key, header or body, so it is safe to print. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly kind: FailureKind;
  readonly call: string;
  readonly status: number | undefined;
  readonly response: string;
  readonly retryAfterMs: number | undefined;
  readonly hint: string | undefined;
  readonly isTransient: boolean | undefined;
  readonly isRefused: boolean | undefined;

  constructor(details: FailureDetails) {
    const status = details.status === undefined ? "" : ` answered ${details.status}`;
    super(`${details.call}${status}${details.response === "" ? "" : `: ${details.response}`}`);
    this.kind = details.kind;
    this.call = details.call;
    this.status = details.status;
    this.response = details.response;
    this.retryAfterMs = details.retryAfterMs;
    this.hint = details.hint;
    this.isTransient = details.isTransient;
    this.isRefused = details.isRefused;
  }
}

/** Whether a retry of the same call may help. */
export function isTransient(failure: unknown): boolean {
  if (!(failure instanceof ApiFailure)) return false;
  if (failure.isTransient !== undefined) return failure.isTransient;
  if (failure.kind !== "answered") return !failure.response.includes("redirect");
  const { status = 0 } = failure;
  return status === 200 || status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Whether the server refused the call, so that nothing was created. An error in a 200 or a 5xx proves nothing. */
export function isRefusal(failure: unknown): boolean {
  if (!(failure instanceof ApiFailure)) return false;
  if (failure.isRefused !== undefined) return failure.isRefused;
  if (failure.kind === "unreachable" || failure.kind === "proxy") return true;
  const { status = 0 } = failure;
  return (
    failure.kind === "answered" && status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)
  );
}

/** Returns whether the server answered with this status. */
export function hasStatus(failure: unknown, status: number): boolean {
  return failure instanceof ApiFailure && failure.kind === "answered" && failure.status === status;
}
