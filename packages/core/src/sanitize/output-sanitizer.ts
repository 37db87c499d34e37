import { isUtf8 } from "node:buffer";
import { UnitrainError } from "../spec/index.ts";
import { createRedactor, shortestSecret } from "./redactor.ts";

/** What a plugin's `sanitize` is to the sanitizer: it throws when it fails. */
export type Sanitize = (text: string) => string;

/** The one way out: every text that leaves (events, log, errors, files) passes here. */
export interface OutputSanitizer {
  /** Masks the value from now on; answers a warning, without the value, when that cannot be done. */
  register(value: string, name?: string): string | undefined;
  text(text: string): string;
  /** Byte-exact apart from secrets, also where the bytes are not text. */
  bytes(bytes: Buffer): Buffer;
  /** Every string in a JSON value. */
  value<T>(value: T): T;
  /** Any thrown thing, as an error that can be printed. */
  error(thrown: unknown): UnitrainError;
  safeCut(text: string, at: number): number;
}

const withheld = "[withheld: a plugin's sanitize failed]";

export function createOutputSanitizer(
  sanitize: Sanitize = (text) => text,
  keyPatterns: readonly RegExp[] = [],
): OutputSanitizer {
  const redactor = createRedactor(keyPatterns);

  const text = (input: string): string => {
    let shaped: unknown;
    try {
      shaped = sanitize(input);
    } catch {
      return input.endsWith("\n") ? `${withheld}\n` : withheld;
    }
    return typeof shaped === "string" ? redactor.redact(shaped) : withheld;
  };

  const value = <T>(input: T): T => {
    if (typeof input === "string") return text(input) as T;
    if (Array.isArray(input)) return input.map(value) as T;
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(Object.entries(input).map(([key, entry]) => [key, value(entry)])) as T;
  };

  return {
    register: (secret, name) =>
      redactor.register(secret)
        ? undefined
        : `The value of ${name ?? "a secret"} is shorter than ${shortestSecret} characters or a common word: it cannot be masked in logs.`,
    text,
    bytes(bytes) {
      const encoding = isUtf8(bytes) ? "utf8" : "latin1";
      return Buffer.from(text(bytes.toString(encoding)), encoding);
    },
    value,
    error: (thrown) => maskedError(thrown, text, value),
    safeCut: (input, at) => redactor.safeCut(input, at),
  };
}

/** A new error, nothing of the old one's properties but what is known to be text. */
function maskedError(
  thrown: unknown,
  text: (input: string) => string,
  value: <T>(input: T) => T,
): UnitrainError {
  if (!UnitrainError.isInstance(thrown)) {
    return new UnitrainError("INTERNAL", text(messageOf(thrown)), {
      hint: "This is a fault in unitrain: please report it with the run's events.jsonl.",
      cause: maskedCause(thrown, text, 0),
    });
  }
  const error = new UnitrainError(thrown.code, text(thrown.message), {
    hint: thrown.hint === undefined ? undefined : text(thrown.hint),
    action: value(thrown.action),
    phase: thrown.phase,
    adapter: thrown.adapter,
    retryable: thrown.retryable,
    findings: value(thrown.findings),
    cause: thrown.cause === undefined ? undefined : maskedCause(thrown.cause, text, 0),
  });
  if (thrown.stack !== undefined) error.stack = text(thrown.stack);
  return error;
}

function maskedCause(cause: unknown, text: (input: string) => string, depth: number): unknown {
  if (!(cause instanceof Error) && !UnitrainError.isInstance(cause)) return text(messageOf(cause));
  const copy = new Error(text(cause.message));
  copy.name = text(cause.name);
  copy.stack = cause.stack === undefined ? "" : text(cause.stack);
  const { code } = cause as { code?: unknown };
  if (typeof code === "string") Object.assign(copy, { code: text(code) });
  if (cause.cause !== undefined && depth < 5) copy.cause = maskedCause(cause.cause, text, depth + 1);
  return copy;
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === "string" ? thrown : `a thrown ${typeof thrown}`;
}
