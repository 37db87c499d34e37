import type { Finding } from "./dataset.ts";
import { UnitrainError } from "./error.ts";
import { describeExtent, groupFindings } from "./finding-groups.ts";
import { formatCount, formatNumber } from "./format.ts";
import { toPlainLine } from "./plain-text.ts";

/**
 * Creates the `INVALID_DATASET` error that refuses a dataset. Its message summarizes the findings by kind; its `findings` property
 * holds all of them.
 */
export function createDatasetError(findings: readonly Finding[]): UnitrainError {
  return new UnitrainError("INVALID_DATASET", formatDatasetError(findings), {
    hint: "Fix these errors, then try again. Nothing was started.",
    phase: "plan",
    findings,
  });
}

/**
 * Formats findings as lines of text: the errors by kind with a few examples each or, with `all`, every error and warning.
 */
export function formatDatasetError(findings: readonly Finding[], { all = false } = {}): string {
  const errors = findings.filter(({ severity }) => severity === "error");
  const shown = all ? findings : errors;
  const groups = groupFindings(shown).flatMap((group) => {
    if (group.count === 1) return group.examples.map(formatFinding);
    const { kind, severity } = group;
    const examples = all
      ? shown.filter((finding) => finding.kind === kind && finding.severity === severity)
      : group.examples;
    const more = group.count - examples.length;
    return [
      `  ${kind}: ${describeExtent(group)}`,
      ...examples.map((finding) => `  ${formatFinding(finding)}`),
      ...(more === 0 ? [] : [`    and ${formatNumber(more)} more`]),
    ];
  });
  const warnings = findings.length - errors.length;
  const warningCount = warnings === 0 ? "" : `, and ${formatCount(warnings, "warning")}`;
  return [`The dataset has ${summarizeErrors(errors)}${warningCount}:`, ...groups].join("\n");
}

function summarizeErrors(errors: readonly Finding[]): string {
  const files = new Set(errors.map(({ file }) => file)).size;
  return `${formatCount(errors.length, "error")} in ${formatCount(files, "file")}`;
}

/** One line, also for a file whose name has line ends. */
const formatFinding = ({ file, line, message }: Finding): string =>
  toPlainLine(`  ${file}${line === undefined ? "" : `:${line}`}  ${message}`);
