import { ProxyError } from "../proxy-error.ts";
import { cleanText } from "./clean-text.ts";
import { ApiFailure } from "./failure.ts";

const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** Error codes of an untrusted certificate, for example of a proxy that inspects TLS. */
const untrusted = /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+)$/;

/** Converts an error of fetch. The reason is in its cause, which is not passed on because it may contain secrets. */
export function toApiFailure(error: unknown, call: string, secrets: readonly string[]): ApiFailure {
  if (error instanceof ProxyError) {
    const { hint, isRetryable: isPassing } = error;
    return new ApiFailure({
      kind: "proxy",
      call,
      response: cleanText(error.message, secrets),
      hint,
      isTransient: isPassing,
    });
  }
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  const innerError = cause instanceof Error ? cause : undefined;
  const code = innerError !== undefined && "code" in innerError ? String(innerError.code) : "";
  if (/redirect/i.test(`${message} ${innerError?.message}`)) {
    return new ApiFailure({ kind: "invalid-response", call, response: "a redirect, refused" });
  }
  if (untrusted.test(code)) {
    return new ApiFailure({
      kind: "unreachable",
      call,
      response: `the certificate is not trusted (${code})`,
      hint: "If a proxy inspects TLS, make Node trust its certificate: set NODE_USE_SYSTEM_CA=1, or NODE_EXTRA_CA_CERTS=/path/to/certificate.pem.",
      isTransient: false,
    });
  }
  const response = cleanText([message, innerError?.message, code].filter(Boolean).join(": "), secrets);
  return new ApiFailure({ kind: neverSent.has(code) ? "unreachable" : "no-answer", call, response });
}
