import { styleText } from "node:util";
import { toPlainLine, toPlainText } from "@unitrain/core/spec";
import type { Output } from "../../context/cli-context.ts";
import { measureText } from "./text-width.ts";

export type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** Text, and how it looks where colours are shown. */
export type Piece = string | { readonly text: string; readonly style: Style };

/** One line of a screen. Kept in pieces, so that it can be measured and cut before it is coloured. */
export type Line = readonly Piece[];

/**
 * Returns lines as they look on this stream, each cut to `width` columns; NO_COLOR and FORCE_COLOR are heard. The only characters in
 * them that control a terminal are those of our own styles: whatever a piece holds stays visible text in its line.
 */
export function paintLines(
  lines: readonly Line[],
  stream: Output,
  width = Number.POSITIVE_INFINITY,
): string[] {
  return lines.map((line) =>
    truncateLine(line.map(plainPiece), width)
      .map((piece) => (typeof piece === "string" ? piece : styleText(piece.style, piece.text, { stream })))
      .join("")
      .trimEnd(),
  );
}

export function joinText(line: Line): string {
  return line.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
}

/** Columns of the stream's terminal; without end where it is none, so that nothing is cut in files and pipes. */
export function measureWidth(stream: Output): number {
  return stream.isTTY === true ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY;
}

export function styled(style: Style, text: string): Piece {
  return { text, style };
}

/** The text without what goes beyond `width` columns. */
export function truncateText(text: string, width: number): string {
  if (measureText(text) <= width) return text;
  let kept = "";
  let columns = 0;
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text)) {
    columns += measureText(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : "";
}

/** Padded with spaces to `width` columns. */
export function padText(text: string, width: number, side: "left" | "right" = "left"): string {
  const spaces = " ".repeat(Math.max(0, width - measureText(text)));
  return side === "left" ? text + spaces : spaces + text;
}

/** Broken between words; a word longer than the width stays whole, so that a path can be copied. */
export function wrapText(text: string, width: number): string[] {
  return toPlainText(text)
    .split("\n")
    .flatMap((paragraph) => {
      const lines: string[] = [];
      for (const word of paragraph.split(" ")) {
        const last = lines.at(-1);
        if (last !== undefined && measureText(last) + 1 + measureText(word) <= width)
          lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
      }
      return lines;
    });
}

/** A label, and text of one paragraph beside it that wraps below its own beginning. */
export function withLabel(label: Piece, text: string, labelWidth: number, width: number): Line[] {
  const name = typeof label === "string" ? label : label.text;
  const gap = " ".repeat(Math.max(1, labelWidth - measureText(name)));
  return wrapText(toPlainLine(text), Math.max(12, width - labelWidth)).map((line, index) =>
    index === 0 ? [label, gap, line] : [" ".repeat(labelWidth), line],
  );
}

/** As many of the parts, from the first on, as fit beside each other. */
export function joinFitting(parts: readonly string[], width: number, gap = "  "): string {
  let line = "";
  for (const part of parts) {
    if (part === "") continue;
    const longer = line === "" ? part : `${line}${gap}${part}`;
    if (measureText(longer) > width) break;
    line = longer;
  }
  return line;
}

function plainPiece(piece: Piece): Piece {
  return typeof piece === "string" ? toPlainLine(piece) : { ...piece, text: toPlainLine(piece.text) };
}

/** Made when it is needed: it takes some milliseconds. */
let graphemes: Intl.Segmenter | undefined;

function truncateLine(line: Line, width: number): Line {
  if (measureText(joinText(line)) <= width) return line;
  const kept: Piece[] = [];
  let remainingWidth = width;
  for (const piece of line) {
    const text = typeof piece === "string" ? piece : piece.text;
    const columns = measureText(text);
    const fits =
      columns < remainingWidth
        ? text
        : truncateText(columns === remainingWidth ? `${text}…` : text, remainingWidth);
    kept.push(typeof piece === "string" ? fits : { ...piece, text: fits });
    remainingWidth -= columns;
    if (remainingWidth <= 0) break;
  }
  return kept;
}
