import { mask } from "../mask.ts";

/** A part of a text. `start` and `end` are the arguments of `slice`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Adds the parts of `text` that are secrets to `spans`. */
export type Rule = (text: string, spans: Span[]) => void;

/** Masks parts of a text. Parts that overlap or touch become one mask. */
export function maskSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  let result = "";
  let end = 0;
  let isOpen = false;
  for (const span of sorted) {
    if (span.end <= span.start) continue;
    if (!isOpen || span.start > end) {
      result += text.slice(end, span.start) + mask;
      isOpen = true;
    }
    end = Math.max(end, span.end);
  }
  return result + text.slice(end);
}
