/** Why a call gave nothing that can be used. */
export type FailureKind =
  /** Never left this computer, or nobody listens there: certainly not done. */
  | "unreachable"
  /** A proxy refused or failed before the API was reached: certainly not done. */
  | "proxy"
  /** Cut, or no answer in time: done or not. */
  | "no-answer"
  /** A status, or an error in the body. */
  | "answered"
  /** An answer that says nothing: no JSON, no id, too large, a redirect. Done or not. */
  | "invalid-response";

export interface FailureDetails {
  readonly kind: FailureKind;
  /** `POST /ips`. */
  readonly call: string;
  readonly status?: number | undefined;
  /** In the server's words, cleaned: safe to print. */
  readonly response: string;
  readonly retryAfterMs?: number | undefined;
  /** What to do about it, where more is known than the kind tells. */
  readonly hint?: string | undefined;
  /** By default as the kind and the status suggest. */
  readonly isTransient?: boolean | undefined;
}

/** A call that failed. Holds no key, header or body: safe at any depth. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly kind: FailureKind;
  readonly call: string;
  readonly status: number | undefined;
  readonly response: string;
  readonly retryAfterMs: number | undefined;
  readonly hint: string | undefined;
  readonly isTransient: boolean | undefined;

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
  }
}

/** Asking the same once more may help. */
export function isTransient(failure: unknown): boolean {
  if (!(failure instanceof ApiFailure)) return false;
  if (failure.isTransient !== undefined) return failure.isTransient;
  if (failure.kind !== "answered") return !failure.response.includes("redirect");
  const { status = 0 } = failure;
  return status === 200 || status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The server understood and said no, so nothing was made. An error in a 200 or a 5xx proves nothing. */
export function isRefusal(failure: unknown): boolean {
  if (!(failure instanceof ApiFailure)) return false;
  if (failure.kind === "unreachable" || failure.kind === "proxy") return true;
  const { status = 0 } = failure;
  return (
    failure.kind === "answered" && status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)
  );
}

export function hasStatus(failure: unknown, status: number): boolean {
  return failure instanceof ApiFailure && failure.kind === "answered" && failure.status === status;
}
