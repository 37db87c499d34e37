import { mask, secretPatterns } from "./patterns.ts";

/** Shorter values would mask half of every log. */
export const shortestSecret = 6;

/** Values that overlap each other endlessly (`aaaaaa` in a line of them) are masked wherever the line is cut. */
const mostCutRounds = 100;

/** Core's own redactor: the last thing that any text passes. */
export interface Redactor {
  /** From now on this value is masked. False when it is too short or too common to be masked. */
  register(value: string): boolean;
  /** Text, or bytes read as latin1: a secret's UTF-8 form is known too. */
  redact(text: string): string;
  /** The last place at or before `at` that lies in no registered value. */
  findSafeCut(text: string, at: number): number;
}

const common = new Set([
  "true",
  "false",
  "null",
  "undefined",
  "root",
  "ubuntu",
  "password",
  "secret",
  "localhost",
]);

/** `patterns`: what the keys of adapters look like; a match is masked as a whole. */
export function createRedactor(patterns: readonly RegExp[] = []): Redactor {
  const keyPatterns = patterns.map(
    (pattern) => new RegExp(pattern, `${pattern.flags.replace(/[gy]/g, "")}g`),
  );
  const values = new Set<string>();
  let sorted: readonly string[] = [];
  return {
    register(value) {
      if (value.length < shortestSecret || common.has(value.toLowerCase())) return false;
      if (mask.includes(value)) return false;
      values.add(value);
      values.add(Buffer.from(value, "utf8").toString("latin1"));
      // The longest first, so that of two that overlap no letter is left.
      sorted = [...values].sort((a, b) => b.length - a.length);
      return true;
    },
    redact(text) {
      let redacted = maskValues(text, sorted);
      for (const pattern of keyPatterns) redacted = redacted.replace(pattern, mask);
      for (const { expression } of secretPatterns) redacted = redacted.replace(expression, `$1${mask}`);
      return redacted;
    },
    findSafeCut(text, at) {
      let cut = at;
      // Moving out of one value may move into another that overlaps it.
      for (let round = 0, before = -1; before !== cut && round < mostCutRounds; round += 1) {
        before = cut;
        for (const value of sorted) {
          const from = Math.max(0, cut - value.length + 1);
          const start = text.slice(from, cut + value.length - 1).indexOf(value);
          if (start !== -1) cut = from + start;
        }
      }
      return cut;
    },
  };
}

/** Masks every occurrence; those that overlap or touch become one mask. */
function maskValues(text: string, values: readonly string[]): string {
  const spans: [number, number][] = [];
  for (const value of values) {
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1))
      spans.push([at, at + value.length]);
  }
  if (spans.length === 0) return text;
  spans.sort((a, b) => a[0] - b[0]);
  let result = "";
  let end = 0;
  let open = -1;
  for (const [from, to] of spans) {
    if (open === -1 || from > end) {
      if (open !== -1) result += mask;
      result += text.slice(open === -1 ? 0 : end, from);
      open = from;
    }
    end = Math.max(end, to);
  }
  return result + mask + text.slice(end);
}
