import { toPlainText, UnitrainError } from "../spec/index.ts";
import { createSecretList, shortestSecretCharacters } from "./known/secret-list.ts";
import { createSanitizer, type Sanitizer } from "./sanitizer.ts";
import { findTriggers } from "./shapes/find-triggers.ts";
import { maskLine } from "./shapes/mask-line.ts";
import { createPatternList } from "./shapes/pattern-list.ts";
import { createWithheldStream } from "./withheld-stream.ts";

/** Runs the `sanitize` hooks over a text; throws if a hook fails. */
export type Sanitize = (text: string) => string;

/** Masks secrets. Every text that leaves unitrain (events, log, errors, files) passes through it. */
export interface OutputSanitizer {
  /** Masks a secret from now on. Returns a warning, which does not contain the secret, if it cannot be masked. */
  register(value: string, name?: string): string | undefined;
  /** Masks matches of these patterns too, in texts and in streams that are created from now on. */
  addPatterns(patterns: readonly RegExp[]): void;
  /**
   * Names the secrets that the output of a machine may contain. While the value of one of them is not registered, it cannot be masked, so
   * streams withhold everything.
   */
  expect(names: Iterable<string>): void;
  /** The names of expected secrets whose values are not registered. */
  readonly missing: readonly string[];
  maskText(text: string): string;
  /** Masks a text for people, and removes what could control a terminal. Use it for what adapters, machines and errors say. */
  maskMessage(text: string): string;
  /** Whether anything in a text would be masked, apart from what a hook masks. */
  holdsSecret(text: string): boolean;
  /** Masks every string in a JSON value, and each key that does not look like a name of a field. */
  maskValue<T>(value: T): T;
  /** Turns anything that was thrown into an error without secrets. */
  maskError(thrown: unknown): UnitrainError;
  /** Creates a sanitizer for a stream of bytes. It masks the secrets of this one, including those that are registered later. `position` is the position of the first byte. While a secret is `missing`, the stream withholds everything. */
  createStream(position: number): Sanitizer;
  /** The same for a stream whose bytes do not leave this process. It withholds nothing. */
  createPrivateStream(position: number): Sanitizer;
}

/** The keys of unitrain's own objects. Keys that come from elsewhere, such as names of metrics, may contain anything. */
const fieldName = /^[a-z][A-Za-z]{0,30}$/;

const withheld = "[withheld: a plugin's sanitize failed]";

/**
 * Creates a sanitizer that masks registered secrets, runs `hook`, and then masks what looks like a secret, matches of
 * patterns, and registered secrets again. Without a hook, bytes of a stream that need no closer look are never decoded.
 */
export function createOutputSanitizer(hook?: Sanitize, ownPatterns: readonly RegExp[] = []): OutputSanitizer {
  const secrets = createSecretList();
  const expected = new Set<string>();
  const registered = new Set<string>();
  const listMissing = () => [...expected].filter((name) => !registered.has(name));
  let patterns = ownPatterns;
  let { patterns: shapes } = createPatternList(patterns);
  // Without registered secrets a single line needs no stream. This is faster, and covers most texts of a plan.
  const maskAll = (text: string) =>
    secrets.size === 0 && !/[\r\n]/.test(text)
      ? maskLine(text, findTriggers(text), shapes)
      : maskString(text, createSanitizer({ secrets, patterns }));
  const maskKnown = (text: string) =>
    secrets.size === 0 ? text : maskString(text, createSanitizer({ secrets, looksFor: "known secrets" }));
  const reshape =
    hook === undefined
      ? undefined
      : (text: string): string => {
          let shaped: unknown;
          try {
            shaped = hook(text);
          } catch {
            return text.endsWith("\n") ? `${withheld}\n` : withheld;
          }
          return typeof shaped === "string" ? maskKnown(shaped) : withheld;
        };
  const createPrivateStream = (position: number) => createSanitizer({ secrets, patterns, reshape, position });
  const maskText = (text: string) => maskAll(reshape === undefined ? text : reshape(maskKnown(text)));

  const maskMessage = (text: string) => {
    const masked = maskText(text);
    const plain = toPlainText(masked);
    // A character that is removed may have split a secret.
    return plain === masked ? masked : maskText(plain);
  };

  const maskValue = <T>(input: T): T => {
    if (typeof input === "string") return maskText(input) as T;
    if (Array.isArray(input)) return input.map(maskValue) as T;
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(
      Object.entries(input).map(([key, entry]) => [
        fieldName.test(key) ? key : maskText(key),
        maskValue(entry),
      ]),
    ) as T;
  };

  return {
    register(secret, name) {
      // With an empty value nothing could be masked, so it counts as missing.
      if (name !== undefined && secret !== "") registered.add(name);
      if (secrets.add(secret)) return undefined;
      return `The value of ${name ?? "a secret"} is not masked in logs: it is shorter than ${shortestSecretCharacters} characters or a common word.`;
    },
    addPatterns(added) {
      const texts = new Set(patterns.map(String));
      const missing = added.filter((pattern) => !texts.has(String(pattern)));
      if (missing.length === 0) return;
      patterns = [...patterns, ...missing];
      shapes = createPatternList(patterns).patterns;
    },
    expect(names) {
      for (const name of names) expected.add(name);
    },
    get missing() {
      return listMissing();
    },
    maskText,
    maskMessage,
    holdsSecret: (text) => maskAll(text) !== text,
    maskValue,
    maskError: (thrown) => createMaskedError(thrown, maskMessage, maskValue),
    createStream: (position) =>
      listMissing().length === 0 ? createPrivateStream(position) : createWithheldStream(position),
    createPrivateStream,
  };
}

/** Masks a text. Returns the same text if nothing was masked, even if it is not valid Unicode. */
function maskString(text: string, sanitizer: Sanitizer): string {
  const bytes = Buffer.from(text, "utf8");
  const masked = Buffer.concat([sanitizer.write(bytes), sanitizer.end(true)]);
  return masked.equals(bytes) ? text : masked.toString("utf8");
}

/** Copies only known text fields into a new error, because other properties may contain secrets. */
function createMaskedError(
  thrown: unknown,
  maskMessage: (input: string) => string,
  maskValue: <T>(input: T) => T,
): UnitrainError {
  if (!UnitrainError.isInstance(thrown)) {
    return new UnitrainError("INTERNAL", maskMessage(getMessage(thrown)), {
      hint: "This is a bug in unitrain. Please report it with the run's events.jsonl.",
      cause: createMaskedCause(thrown, maskMessage, 0),
    });
  }
  const error = new UnitrainError(thrown.code, maskMessage(thrown.message), {
    hint: thrown.hint === undefined ? undefined : maskMessage(thrown.hint),
    action: maskValue(thrown.action),
    phase: thrown.phase,
    adapter: thrown.adapter === undefined ? undefined : maskMessage(thrown.adapter),
    retryable: thrown.retryable,
    findings: maskValue(thrown.findings),
    cause: thrown.cause === undefined ? undefined : createMaskedCause(thrown.cause, maskMessage, 0),
  });
  if (thrown.stack !== undefined) error.stack = maskMessage(thrown.stack);
  return error;
}

function createMaskedCause(cause: unknown, maskMessage: (input: string) => string, depth: number): unknown {
  if (!(cause instanceof Error) && !UnitrainError.isInstance(cause)) return maskMessage(getMessage(cause));
  const copy = new Error(maskMessage(cause.message));
  copy.name = maskMessage(cause.name);
  copy.stack = cause.stack === undefined ? "" : maskMessage(cause.stack);
  const { code } = cause as { code?: unknown };
  if (typeof code === "string") Object.assign(copy, { code: maskMessage(code) });
  if (cause.cause !== undefined && depth < 5)
    copy.cause = createMaskedCause(cause.cause, maskMessage, depth + 1);
  return copy;
}

function getMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === "string" ? thrown : `a thrown ${typeof thrown}`;
}
