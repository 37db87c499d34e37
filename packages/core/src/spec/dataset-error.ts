import type { Finding } from "./dataset.ts";
import { UnitrainError } from "./error.ts";
import { describeExtent, formatCount, groupFindings } from "./finding-groups.ts";

/** The error that refuses a dataset. It carries all findings; its message summarizes them by kind. */
export function createDatasetError(findings: readonly Finding[]): UnitrainError {
  return new UnitrainError("INVALID_DATASET", formatDatasetError(findings), {
    hint: "Fix them, then try again: nothing was started.",
    phase: "plan",
    findings,
  });
}

/** What is wrong with a dataset, in lines: a summary by kind with examples, or (`all`) every finding. */
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
      ...(more === 0 ? [] : [`    and ${more.toLocaleString("en-US")} more`]),
    ];
  });
  const warnings = findings.length - errors.length;
  const beside = warnings === 0 ? "" : `, and ${formatCount(warnings, "warning")}`;
  return [`The dataset has ${summarizeErrors(errors)}${beside}:`, ...groups].join("\n");
}

function summarizeErrors(errors: readonly Finding[]): string {
  const files = new Set(errors.map(({ file }) => file)).size;
  return `${formatCount(errors.length, "error")} in ${formatCount(files, "file")}`;
}

const formatFinding = ({ file, line, message }: Finding): string =>
  `  ${file}${line === undefined ? "" : `:${line}`}  ${message}`;
