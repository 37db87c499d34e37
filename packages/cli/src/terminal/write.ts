import { formatJson, toPlainLine, toPlainText } from "@unitrain/core/spec";
import type { Output } from "../context/cli-context.ts";
import { type Line, measureWidth, paintLines, wrapText } from "./render/line.ts";

// Commands write to a stream only with these functions, so that no text from elsewhere can control the terminal or forge a line.

/** Writes lines, each of which stays one line. */
export function writeLines(stream: Output, lines: readonly (Line | string)[], width?: number): void {
  const asPieces = lines.map((line) => (typeof line === "string" ? [line] : line));
  for (const line of paintLines(asPieces, stream, width)) stream.write(`${line}\n`);
}

/** Writes a sentence, wrapped to the width of the terminal. */
export function writeSentence(stream: Output, text: string): void {
  writeLines(stream, wrapText(toPlainLine(text), measureWidth(stream)));
}

/** Writes text that has its line ends already. */
export function writeText(stream: Output, text: string): void {
  stream.write(toPlainText(text));
}

/** Writes a value as JSON, in one line unless it is indented. */
export function writeJson(stream: Output, value: unknown, indent?: number): void {
  stream.write(`${formatJson(value, indent)}\n`);
}
