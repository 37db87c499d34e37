import { isUtf8 } from "node:buffer";
import { UnitrainError } from "../spec/index.ts";
import { createRedactor, shortestSecret } from "./redactor.ts";

/** Runs the `sanitize` hooks over a text; throws if a hook fails. */
export type Sanitize = (text: string) => string;

/** Masks secrets. Every text that leaves unitrain (events, log, errors, files) passes it; there is no other way out. */
export interface OutputSanitizer {
  /** Masks a secret from now on. Returns a warning, which does not contain the secret, if it cannot be masked. */
  register(value: string, name?: string): string | undefined;
  maskText(text: string): string;
  /** Masks secrets in bytes and keeps all other bytes unchanged, even if they are not valid UTF-8. */
  maskBytes(bytes: Buffer): Buffer;
  /** Masks every string in a JSON value, except keys. */
  maskValue<T>(value: T): T;
  /** Turns anything that was thrown into an error without secrets. */
  maskError(thrown: unknown): UnitrainError;
  /** Returns the last position at or before `at` where the text can be cut without splitting a registered secret. */
  findSafeCut(text: string, at: number): number;
}

const withheld = "[withheld: a plugin's sanitize failed]";

/** Creates a sanitizer that runs `sanitize` first, then masks registered secrets and matches of `keyPatterns`. */
export function createOutputSanitizer(
  sanitize: Sanitize = (text) => text,
  keyPatterns: readonly RegExp[] = [],
): OutputSanitizer {
  const redactor = createRedactor(keyPatterns);

  const maskText = (input: string): string => {
    let shaped: unknown;
    try {
      shaped = sanitize(input);
    } catch {
      return input.endsWith("\n") ? `${withheld}\n` : withheld;
    }
    return typeof shaped === "string" ? redactor.redact(shaped) : withheld;
  };

  const maskValue = <T>(input: T): T => {
    if (typeof input === "string") return maskText(input) as T;
    if (Array.isArray(input)) return input.map(maskValue) as T;
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(Object.entries(input).map(([key, entry]) => [key, maskValue(entry)])) as T;
  };

  return {
    register: (secret, name) =>
      redactor.register(secret)
        ? undefined
        : `The value of ${name ?? "a secret"} is shorter than ${shortestSecret} characters or a common word: it cannot be masked in logs.`,
    maskText,
    maskBytes(bytes) {
      const encoding = isUtf8(bytes) ? "utf8" : "latin1";
      return Buffer.from(maskText(bytes.toString(encoding)), encoding);
    },
    maskValue,
    maskError: (thrown) => createMaskedError(thrown, maskText, maskValue),
    findSafeCut: (input, at) => redactor.findSafeCut(input, at),
  };
}

/** Copies only known text fields into a new error, because other properties may contain secrets. */
function createMaskedError(
  thrown: unknown,
  maskText: (input: string) => string,
  maskValue: <T>(input: T) => T,
): UnitrainError {
  if (!UnitrainError.isInstance(thrown)) {
    return new UnitrainError("INTERNAL", maskText(getMessage(thrown)), {
      hint: "This is a bug in unitrain. Please report it with the run's events.jsonl.",
      cause: createMaskedCause(thrown, maskText, 0),
    });
  }
  const error = new UnitrainError(thrown.code, maskText(thrown.message), {
    hint: thrown.hint === undefined ? undefined : maskText(thrown.hint),
    action: maskValue(thrown.action),
    phase: thrown.phase,
    adapter: thrown.adapter,
    retryable: thrown.retryable,
    findings: maskValue(thrown.findings),
    cause: thrown.cause === undefined ? undefined : createMaskedCause(thrown.cause, maskText, 0),
  });
  if (thrown.stack !== undefined) error.stack = maskText(thrown.stack);
  return error;
}

function createMaskedCause(cause: unknown, maskText: (input: string) => string, depth: number): unknown {
  if (!(cause instanceof Error) && !UnitrainError.isInstance(cause)) return maskText(getMessage(cause));
  const copy = new Error(maskText(cause.message));
  copy.name = maskText(cause.name);
  copy.stack = cause.stack === undefined ? "" : maskText(cause.stack);
  const { code } = cause as { code?: unknown };
  if (typeof code === "string") Object.assign(copy, { code: maskText(code) });
  if (cause.cause !== undefined && depth < 5)
    copy.cause = createMaskedCause(cause.cause, maskText, depth + 1);
  return copy;
}

function getMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === "string" ? thrown : `a thrown ${typeof thrown}`;
}
