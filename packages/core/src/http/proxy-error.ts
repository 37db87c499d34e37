interface ProxyErrorDetails {
  readonly proxy: string;
  readonly status?: number | undefined;
  /** What to do about it, in the imperative. */
  readonly hint: string;
  readonly isRetryable: boolean;
}

/**
 * Thrown when a proxy refused or failed before the server was reached, so the request was certainly not executed. It
 * holds neither credentials nor a cause: safe to print.
 */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  /** `host:port`. */
  readonly proxy: string;
  /** The status that the proxy answered, when it answered. */
  readonly status: number | undefined;
  readonly hint: string;
  /** Whether the same request may work later. */
  readonly isRetryable: boolean;

  constructor(message: string, details: ProxyErrorDetails) {
    super(message);
    this.proxy = details.proxy;
    this.status = details.status;
    this.hint = details.hint;
    this.isRetryable = details.isRetryable;
  }
}
