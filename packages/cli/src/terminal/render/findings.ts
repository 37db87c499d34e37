import { describeExtent, type Finding, type FindingGroup, groupFindings } from "@unitrain/core/spec";
import { formatNumber } from "@unitrain/view";
import { type Line, styled, withLabel } from "./line.ts";

/** Renders the findings in a dataset: each kind with examples, or every finding with `all`. */
export function renderFindings(findings: readonly Finding[], width: number, all: boolean): Line[] {
  return groupFindings(findings).flatMap((group) => renderGroup(group, findings, width, all));
}

function renderGroup(group: FindingGroup, findings: readonly Finding[], width: number, all: boolean): Line[] {
  const { kind, severity, count, examples } = group;
  const sign = severity === "error" ? styled("red", "x") : styled("yellow", "!");
  const [first] = examples;
  if (count === 1 && first !== undefined) return withLabel(sign, formatFinding(first), signWidth, width);
  const shown = all
    ? findings.filter((finding) => finding.kind === kind && finding.severity === severity)
    : examples;
  const more = count - shown.length;
  return [
    ...withLabel(sign, `${kind}: ${describeExtent(group)}`, signWidth, width),
    ...shown.flatMap((finding) => withLabel("", formatFinding(finding), exampleIndent, width)),
    ...(more === 0 ? [] : [[" ".repeat(exampleIndent), styled("dim", `and ${formatNumber(more)} more`)]]),
  ];
}

const signWidth = 2;
const exampleIndent = 4;

function formatFinding({ file, line, message }: Finding): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return place === "" ? message : `${place}  ${message}`;
}
