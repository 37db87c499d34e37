import { beginsEscape, type EscapeState, nextEscapeState } from "../known/squeeze.ts";
import { rules } from "./rules.ts";
import { maskSpans, type Span } from "./spans.ts";

/**
 * Masks what looks like a secret in a line, and returns the line without its first `contextLength` characters. `found` has the
 * bits of the rules whose trigger words the line contains. It takes time linear in the length.
 */
export function maskLine(
  line: string,
  found: number,
  adapterPatterns: readonly RegExp[] = [],
  contextLength = 0,
): string {
  const visible = hideEscapes(line);
  const spans: Span[] = [];
  rules.forEach(({ rule }, index) => {
    if ((found & (1 << index)) !== 0) rule(visible.text, spans);
  });
  for (const pattern of adapterPatterns) {
    for (const match of visible.text.matchAll(pattern)) {
      if (match[0] !== "") spans.push({ start: match.index, end: match.index + match[0].length });
    }
  }
  return maskSpans(
    line.slice(contextLength),
    spans.map(({ start, end }) => ({
      start: Math.max(0, visible.place(start) - contextLength),
      end: visible.place(end - 1) + 1 - contextLength,
    })),
  );
}

/** Removes terminal colors from a line. `place` maps an index in the result to the index in the line. */
function hideEscapes(line: string): { readonly text: string; readonly place: (at: number) => number } {
  if (!line.includes("\x1b")) return { text: line, place: (at) => at };
  const places: number[] = [];
  let text = "";
  let state: EscapeState = 0;
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    const next: EscapeState | undefined = state === 0 ? undefined : nextEscapeState(state, code);
    state = next ?? (beginsEscape(code) ? 1 : 0);
    if (next !== undefined || state !== 0) continue;
    places.push(at);
    text += line[at];
  }
  return { text, place: (at) => places[at] ?? line.length };
}
