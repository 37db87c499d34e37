import { type ErrorReport, getDocumentationUrl, UnitrainError } from "@unitrain/core/spec";
import { clean, cleanAll } from "./clean.ts";
import { formatHint } from "./hint.ts";
import { type Line, styled, withLabel } from "./line.ts";

/** What went wrong, what to do, and where it is explained; never a stack. */
export function renderError(unsafeReport: ErrorReport, width: number): Line[] {
  const report = cleanAll(unsafeReport);
  const hint = formatHint(report);
  return [
    ...withLabel(styled("red", "Error"), report.message, labelWidth, width),
    ...(hint === undefined ? [] : withLabel("", hint, labelWidth, width)),
    [" ".repeat(labelWidth), styled("dim", `${report.code}   ${report.documentation}`)],
  ];
}

/** Any thrown value as a report; what is not ours is a fault of ours. */
export function createErrorReport(error: unknown): ErrorReport {
  if (UnitrainError.isInstance(error)) return error.toJSON();
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "INTERNAL",
    message: `Something went wrong in unitrain itself: ${clean(message)}`,
    hint: "UNITRAIN_DEBUG=1 shows where.",
    retryable: false,
    documentation: getDocumentationUrl("INTERNAL"),
  };
}

const labelWidth = 7;
