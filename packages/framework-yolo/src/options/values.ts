import type { ArgumentKind } from "./arguments.ts";
import { type ArgumentValue, parseScalar } from "./scalar.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string" && value !== "";
const isFlag: Check = (value) => typeof value === "boolean";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isWholeNumber: Check = (value) => Number.isSafeInteger(value);
const isAtLeast =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least;
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const isEither =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const isListOf =
  (check: Check, { least = 0, most = Number.POSITIVE_INFINITY } = {}): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(check);

const batchMessage = "a whole number of 1 or more, -1 for automatic, or a fraction of the GPU's memory";

/** Modes of `torch.compile`. */
const compileModes = ["default", "reduce-overhead", "max-autotune", "max-autotune-no-cudagraphs"];

/** Checks for each kind. Hand-written, because loading a schema library takes longer than checking all options. */
const checks: Readonly<Record<ArgumentKind, Check>> = {
  text: isText,
  split: matches(/^(?!none$)[\w-]+$/i),
  cache: isEither(isFlag, matches(/^(?:ram|disk)$/i)),
  compile: isEither(isFlag, (value) => compileModes.some((mode) => mode === value)),
  "class-ids": isEither(isAtLeast(0), isListOf(isAtLeast(0), { least: 1 })),
  flag: isFlag,
  integer: isWholeNumber,
  count: isAtLeast(0),
  positive: isAtLeast(1),
  number: isNumber,
  fraction: (value) => isNumber(value) && value >= 0 && value <= 1,
  batch: (value) =>
    isNumber(value) && (value === -1 || (value > 0 && value < 1) || (value >= 1 && Number.isInteger(value))),
  pixels: isEither(isAtLeast(1), isListOf(isAtLeast(1), { least: 1, most: 2 })),
  "flag-or-number": isEither(isFlag, isNumber),
  "flag-or-text": isEither(isFlag, isText),
  "number-or-list": isEither(isNumber, isListOf(isNumber)),
  device: isEither(isWholeNumber, isText, isListOf(isEither(isWholeNumber, isText), { least: 1 })),
  any: isEither(isNumber, isFlag, isText, isListOf(isEither(isNumber, isText))),
};

/** What each kind expects, for error messages. */
const expectedByKind: Readonly<Record<ArgumentKind, string>> = {
  text: "text",
  split: "the name of a split: train, val or test",
  cache: "True, False, ram or disk",
  compile: `True, False or one of ${compileModes.join(", ")}`,
  "class-ids": "class ids, counted from 0: `[0, 2]`",
  flag: "True or False",
  integer: "a whole number",
  count: "a whole number of 0 or more",
  positive: "a whole number of 1 or more",
  number: "a number",
  fraction: "a number from 0 to 1",
  batch: batchMessage,
  pixels: "a whole number of pixels of 1 or more",
  "flag-or-number": "a number, or True or False",
  "flag-or-text": "True, False or text",
  "number-or-list": "a number, or a list of numbers",
  device: "cpu, 0 or 0,1",
  any: "a number, text or a list",
};

/** Parses the value of an argument as Ultralytics' command line does; undefined when the kind does not accept it. */
export function readValue(
  kind: ArgumentKind,
  mayBeNone: boolean,
  text: unknown,
): { readonly value: ArgumentValue } | undefined {
  if (mayBeNone && isNone(text)) return { value: null };
  const value = kind === "text" || kind === "split" ? toText(text) : readText(kind, text);
  return checks[kind](value) ? { value: value as ArgumentValue } : undefined;
}

export const describeExpected = (kind: ArgumentKind): string => expectedByKind[kind];

/** Parses `0,2`, which Python reads as a list. */
function parseNumberList(value: unknown): unknown {
  return typeof value === "string" && /^\s*\d+(?:\s*,\s*\d+)+\s*,?\s*$/.test(value)
    ? value
        .split(",")
        .filter((part) => part.trim() !== "")
        .map(Number)
    : value;
}

const toText = (value: unknown) => (typeof value === "number" ? String(value) : value);

const isNone = (value: unknown) =>
  value === null || (typeof value === "string" && /^none$/i.test(value.trim()));

/** Parses text, and accepts 0 and 1 for flags, True and False for 1 and 0, and `1e2` for a whole number. */
function readText(kind: ArgumentKind, value: unknown): unknown {
  const read = typeof value === "string" ? parseScalar(value) : value;
  if (kind === "flag" && (read === 0 || read === 1)) return read === 1;
  if ((kind === "fraction" || kind === "number") && typeof read === "boolean") return Number(read);
  return kind === "class-ids" || kind === "pixels" ? parseNumberList(read) : read;
}
