import { mask, secretPatterns } from "./patterns.ts";

/** The length of the shortest secret. Masking shorter values would make logs unreadable. */
export const shortestSecret = 6;

/** Bounds the search for a cut in a text of endlessly overlapping values (`aaaaaaa…`). Such values are masked wherever the text is cut. */
const mostCutRounds = 100;

/** Masks registered values and everything that matches a pattern. It is the last step of the sanitizer. */
export interface Redactor {
  /** Masks a value from now on. Returns false if the value is too short or too common to be masked. */
  register(value: string): boolean;
  /** Masks a text. The text may also be bytes decoded as latin1, because values are registered in that form too. */
  redact(text: string): string;
  /** Returns the last position at or before `at` that is not inside a registered value. */
  findSafeCut(text: string, at: number): number;
}

const commonWords = new Set([
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

/** Creates a redactor. `patterns` match the keys of adapters, which are masked as a whole. */
export function createRedactor(patterns: readonly RegExp[] = []): Redactor {
  const keyPatterns = patterns.map(
    (pattern) => new RegExp(pattern, `${pattern.flags.replace(/[gy]/g, "")}g`),
  );
  const values = new Set<string>();
  let sorted: readonly string[] = [];
  return {
    register(value) {
      if (value.length < shortestSecret || commonWords.has(value.toLowerCase())) return false;
      if (mask.includes(value)) return false;
      values.add(value);
      values.add(Buffer.from(value, "utf8").toString("latin1"));
      // The longest value comes first, so that a value inside another one does not hide it.
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
      // Moving the cut out of one value may move it into another value that overlaps it.
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

/** Replaces all occurrences of the values; occurrences that overlap or touch are replaced by one mask. */
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
