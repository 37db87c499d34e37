interface ProxyErrorDetails {
  readonly proxy: string;
  readonly status?: number | undefined;
  /** What to do about it, in the imperative. */
  readonly hint: string;
  readonly isRetryable: boolean;
}

/**
 * Thrown if a proxy refused a request or failed before it reached the server, so the request was certainly not executed. It contains
 * neither credentials nor a cause, so it can be printed.
 */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  /** `host:port`. */
  readonly proxy: string;
  /** The HTTP status of the proxy's answer, if it answered. */
  readonly status: number | undefined;
  readonly hint: string;
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean;

  constructor(message: string, details: ProxyErrorDetails) {
    super(message);
    this.proxy = details.proxy;
    this.status = details.status;
    this.hint = details.hint;
    this.isRetryable = details.isRetryable;
  }
}
