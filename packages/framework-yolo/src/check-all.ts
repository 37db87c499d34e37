import { dirname, resolve } from "node:path";
import {
  type CallContext,
  type DataSource,
  type DatasetReport,
  type Finding,
  formatCount,
  type Manifest,
  type ManifestEntry,
} from "@unitrain/core/spec";
import { checkDataset } from "./dataset/check.ts";
import type { CheckedOptions } from "./options/options.ts";

/** Checks the dataset and the user's own code beside it, and adds what the options were warned of. */
export async function checkAll(
  source: DataSource,
  options: CheckedOptions,
  context: CallContext,
): Promise<DatasetReport> {
  // First the code: a folder that is not there is said before a large dataset is read.
  const code = await loadOwnCode(options, context.signal);
  const checked = await checkDataset(source, options, context);
  const applyStrictness = (findings: readonly Finding[]) =>
    options.strict ? findings.map((finding) => ({ ...finding, severity: "error" as const })) : findings;
  const report = {
    ...checked,
    findings: applyStrictness([...checked.findings, ...createOptionFindings(options)]),
  };
  if (code === undefined) return report;
  const { entries, findings } = code;
  return {
    ...report,
    manifest: prependEntries(report.manifest, sortByPath(entries)),
    summary: `${report.summary}, ${formatCount(entries.length, "file")} of code`,
    findings: applyStrictness([...report.findings, ...findings]),
    inspectedPaths: [...(report.inspectedPaths ?? []), ...codeFolders(options, entries)],
  };
}

/** A file that is added to one of them would be shipped. */
const codeFolders = ({ code }: CheckedOptions, entries: readonly ManifestEntry[]): Iterable<string> =>
  new Set([
    ...(code === undefined ? [] : [resolve(code)]),
    ...entries.flatMap(({ from }) => ("file" in from ? [dirname(from.file)] : [])),
  ]);

/** Imports the code check only when needed, because most trainings bring no code of their own. */
async function loadOwnCode(options: CheckedOptions, signal: AbortSignal) {
  if (options.code === undefined && options.callbacks === undefined) return undefined;
  return (await import("./code/own-code.ts")).collectOwnCode(options, signal);
}

const createOptionFindings = (options: CheckedOptions): readonly Finding[] =>
  options.warnings.map((message) => ({ kind: "options", severity: "warning", file: "options", message }));

const sortByPath = (entries: readonly ManifestEntry[]): readonly ManifestEntry[] =>
  [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));

const prependEntries = (manifest: Manifest, entries: readonly ManifestEntry[]): Manifest => ({
  async *entries() {
    // Manifests are sorted by path, and `code/` sorts before every other folder.
    yield entries;
    yield* manifest.entries();
  },
});
