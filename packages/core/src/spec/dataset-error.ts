import type { Finding } from "./dataset.ts";
import { UnitrainError } from "./error.ts";
import { counted, extentOf, groupFindings } from "./finding-groups.ts";

/** The error that refuses a dataset. It carries all findings; its message summarizes them by kind. */
export function datasetError(findings: readonly Finding[]): UnitrainError {
  return new UnitrainError("INVALID_DATASET", datasetErrorText(findings), {
    hint: "Fix them, then try again: nothing was started.",
    phase: "plan",
    findings,
  });
}

/** What is wrong with a dataset, in lines: a summary by kind with examples, or (`all`) every finding. */
export function datasetErrorText(findings: readonly Finding[], { all = false } = {}): string {
  const errors = findings.filter(({ severity }) => severity === "error");
  const shown = all ? findings : errors;
  const groups = groupFindings(shown).flatMap((group) => {
    if (group.count === 1) return group.examples.map(lineOf);
    const { kind, severity } = group;
    const examples = all
      ? shown.filter((finding) => finding.kind === kind && finding.severity === severity)
      : group.examples;
    const more = group.count - examples.length;
    return [
      `  ${kind}: ${extentOf(group)}`,
      ...examples.map((finding) => `  ${lineOf(finding)}`),
      ...(more === 0 ? [] : [`    and ${more.toLocaleString("en-US")} more`]),
    ];
  });
  const warnings = findings.length - errors.length;
  const beside = warnings === 0 ? "" : `, and ${counted(warnings, "warning")}`;
  return [`The dataset has ${errorsIn(errors)}${beside}:`, ...groups].join("\n");
}

function errorsIn(errors: readonly Finding[]): string {
  const files = new Set(errors.map(({ file }) => file)).size;
  return `${counted(errors.length, "error")} in ${counted(files, "file")}`;
}

const lineOf = ({ file, line, message }: Finding): string =>
  `  ${file}${line === undefined ? "" : `:${line}`}  ${message}`;
