import type { Finding } from "./dataset.ts";
import { formatCount } from "./format.ts";

/** A summary of all findings of one kind and severity. */
export interface FindingGroup {
  readonly kind: string;
  readonly severity: Finding["severity"];
  /** The number of affected files. */
  readonly files: number;
  /** The number of findings that name a line of a file. */
  readonly rows: number;
  /** The number of findings. */
  readonly count: number;
  /** Up to three findings, from different files if there are several files. */
  readonly examples: readonly Finding[];
}

const examplesPerGroup = 3;

/** Groups findings by kind and severity: errors first, and kinds in the order in which they were found. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const byKind = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.kind}`;
    const group = byKind.get(key);
    if (group === undefined) byKind.set(key, [finding]);
    else group.push(finding);
  }
  const groups = [...byKind.values()].map(summarizeGroup);
  return [
    ...groups.filter(({ severity }) => severity === "error"),
    ...groups.filter(({ severity }) => severity !== "error"),
  ];
}

function summarizeGroup(findings: readonly Finding[]): FindingGroup {
  const [first] = findings;
  const byFile = new Map<string, Finding>();
  let rows = 0;
  for (const finding of findings) {
    if (finding.line !== undefined) rows++;
    if (!byFile.has(finding.file)) byFile.set(finding.file, finding);
  }
  const fromDifferentFiles = [...byFile.values()].slice(0, examplesPerGroup);
  return {
    kind: first?.kind ?? "",
    severity: first?.severity ?? "warning",
    files: byFile.size,
    rows,
    count: findings.length,
    examples: byFile.size === 1 ? findings.slice(0, examplesPerGroup) : fromDifferentFiles,
  };
}

/** Returns how much a group affects: `12 rows in 3 files`, or `3 files` if not every finding names a line. */
export function describeExtent({ files, rows, count }: FindingGroup): string {
  const inFiles = formatCount(files, "file");
  return rows === count ? `${formatCount(rows, "row")} in ${inFiles}` : inFiles;
}

/** Returns only the examples of each group, for places that cannot hold all findings. */
export function selectExamples(findings: readonly Finding[]): readonly Finding[] {
  return groupFindings(findings).flatMap(({ examples }) => examples);
}
