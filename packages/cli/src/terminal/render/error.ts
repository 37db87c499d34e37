import { type ErrorReport, getDocumentationUrl, toPlainText, UnitrainError } from "@unitrain/core/spec";
import { formatHint } from "./hint.ts";
import { type Line, type Piece, styled, withLabel } from "./line.ts";

/** Renders the message of an error, its hint and the address of its documentation, but never its stack. */
export function renderError(report: ErrorReport, width: number): Line[] {
  const hint = formatHint(report);
  return [
    ...paragraphs(styled("red", "Error"), report.message, width),
    ...(hint === undefined ? [] : paragraphs("", hint, width)),
    [" ".repeat(labelWidth), styled("dim", `${report.code}   ${report.documentation}`)],
  ];
}

/** Converts any thrown value to a report. An error that is not a UnitrainError is a bug of unitrain. */
export function createErrorReport(error: unknown): ErrorReport {
  if (UnitrainError.isInstance(error)) return error.toJSON();
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "INTERNAL",
    message: `unitrain failed because of a bug: ${message}`,
    hint: "Set UNITRAIN_DEBUG=1 to see where it happened.",
    retryable: false,
    documentation: getDocumentationUrl("INTERNAL"),
  };
}

/** Every line below the first is indented: an error may quote a log or a server, whose lines must not look like ours. */
function paragraphs(label: Piece, text: string, width: number): Line[] {
  return toPlainText(text)
    .split("\n")
    .flatMap((paragraph, index) => withLabel(index === 0 ? label : "", paragraph, labelWidth, width));
}

const labelWidth = 7;
