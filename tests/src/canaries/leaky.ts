import { UnitrainError } from "@unitrain/core/spec";
import { asUrlPart, type Canary } from "./canary.ts";

/**
 * Lists what an adapter may throw with secrets in it: in the message, the stack, the cause, headers, nested arrays, properties that are
 * not enumerable, getters, and values that are no errors at all.
 */
export const leakyErrors: Readonly<Record<string, (canaries: readonly Canary[]) => unknown>> = {
  "an error with causes and headers": (canaries) => {
    const text = describe(canaries);
    const response = { status: 401, headers: [["authorization", text]], config: { data: [[text]] } };
    const cause = Object.assign(new Error(`GET /?key=${text}`, { cause: [text, { text }] }), { response });
    const error = Object.assign(new Error(`401 for ${text}`, { cause }), { response, name: `Http ${text}` });
    return Object.defineProperty(error, "request", { value: { text }, enumerable: false });
  },
  "a UnitrainError": (canaries) => {
    const text = describe(canaries);
    return new UnitrainError("PROVIDER_UNAVAILABLE", `The provider said ${text}.`, {
      hint: `Try ${text}.`,
      adapter: `desk ${text}`,
      action: { type: "attach", run: text },
      findings: [{ kind: text, severity: "error", file: text, message: text }],
      cause: new UnitrainError("PROVIDER_ACCESS", text, { cause: text }),
      retryable: true,
    });
  },
  "an error with a secret code": (canaries) => Object.assign(new Error("no"), { code: describe(canaries) }),
  "several errors in one": (canaries) =>
    new AggregateError([new Error(describe(canaries)), describe(canaries)], `all of ${describe(canaries)}`),
  "a text": (canaries) => `thrown ${describe(canaries)}`,
  "an object": (canaries) => ({ message: describe(canaries), toString: () => describe(canaries) }),
  "a text without line ends": (canaries) => new Error(`${"x".repeat(70_000)}${describe(canaries)}`),
};

/** Joins all canaries as a provider may quote them. The place of one that is known only by its form begins with `URL`. */
export function describe(canaries: readonly Canary[]): string {
  return canaries
    .map((canary) =>
      canary.place.startsWith("URL")
        ? `https://user:${asUrlPart(canary)}@example.com/x`
        : `<${canary.value}>`,
    )
    .join(", ");
}
