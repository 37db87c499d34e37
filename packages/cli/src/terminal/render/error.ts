import { type ErrorReport, getDocumentationUrl, toPlainText, UnitrainError } from "@unitrain/core/spec";
import { formatHint } from "./hint.ts";
import { type Line, type Piece, styled, withLabel } from "./line.ts";

/** What went wrong, what to do, and where it is explained; never a stack. */
export function renderError(report: ErrorReport, width: number): Line[] {
  const hint = formatHint(report);
  return [
    ...paragraphs(styled("red", "Error"), report.message, width),
    ...(hint === undefined ? [] : paragraphs("", hint, width)),
    [" ".repeat(labelWidth), styled("dim", `${report.code}   ${report.documentation}`)],
  ];
}

/** Any thrown value as a report; what is not ours is a fault of ours. */
export function createErrorReport(error: unknown): ErrorReport {
  if (UnitrainError.isInstance(error)) return error.toJSON();
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "INTERNAL",
    message: `Something went wrong in unitrain itself: ${message}`,
    hint: "UNITRAIN_DEBUG=1 shows where.",
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
