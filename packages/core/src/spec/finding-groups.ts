import type { Finding } from "./dataset.ts";

/** Findings of one kind and severity, summarized. */
export interface FindingGroup {
  readonly kind: string;
  readonly severity: Finding["severity"];
  /** How many files are affected. */
  readonly files: number;
  /** How many findings name a line of a file. */
  readonly rows: number;
  readonly count: number;
  /** A few findings, from different files where there are any. */
  readonly examples: readonly Finding[];
}

const examplesPerGroup = 3;

/** Summarizes findings by kind, errors first, in the order in which the kinds were found. */
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

/** `12 rows in 3 files`, `3 files`. */
export function describeExtent({ files, rows, count }: FindingGroup): string {
  const inFiles = formatCount(files, "file");
  return rows === count ? `${formatCount(rows, "row")} in ${inFiles}` : inFiles;
}

/** Only the examples of each kind: what is kept of findings where all of them would be too many. */
export function selectExamples(findings: readonly Finding[]): readonly Finding[] {
  return groupFindings(findings).flatMap(({ examples }) => examples);
}

export const formatCount = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
