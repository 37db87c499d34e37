import { styleText } from "node:util";
import { toPlainLine, toPlainText } from "@unitrain/core/spec";
import type { Output } from "../../context/cli-context.ts";
import { measureText } from "./text-width.ts";

export type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** A text and its style in a terminal with colors. */
export type Piece = string | { readonly text: string; readonly style: Style };

/** A line of a screen. It consists of pieces, so that it can be measured and truncated before colors are added. */
export type Line = readonly Piece[];

/**
 * Adds colors to lines if this stream shows them, and truncates each line to `width` columns. NO_COLOR and FORCE_COLOR apply. Only
 * these colors can control the terminal: control characters in a piece become visible text.
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

/** Returns the columns of the stream's terminal, or infinity for files and pipes, where nothing is truncated. */
export function measureWidth(stream: Output): number {
  return stream.isTTY === true ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY;
}

export function styled(style: Style, text: string): Piece {
  return { text, style };
}

/** Truncates a text to `width` columns. */
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

/** Pads a text with spaces to `width` columns. */
export function padText(text: string, width: number, side: "left" | "right" = "left"): string {
  const spaces = " ".repeat(Math.max(0, width - measureText(text)));
  return side === "left" ? text + spaces : spaces + text;
}

/** Wraps a text between words. A word longer than the width is not broken, so that a path can be copied. */
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

/** Puts a label before a text of one paragraph. The text wraps below its own beginning. */
export function withLabel(label: Piece, text: string, labelWidth: number, width: number): Line[] {
  const name = typeof label === "string" ? label : label.text;
  const gap = " ".repeat(Math.max(1, labelWidth - measureText(name)));
  return wrapText(toPlainLine(text), Math.max(12, width - labelWidth)).map((line, index) =>
    index === 0 ? [label, gap, line] : [" ".repeat(labelWidth), line],
  );
}

/** Joins as many parts as fit in a line, from the first on. */
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

/** Created on first use, because this takes some milliseconds. */
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
