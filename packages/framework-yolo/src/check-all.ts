import type { CallContext, DataSource, DatasetReport, Manifest, ManifestEntry } from "@unitrain/core/spec";
import { codeEntries } from "./code/code-entries.ts";
import { checkDataset } from "./dataset/check.ts";
import type { CheckedOptions } from "./options/options.ts";

/** The dataset, and the user's own code beside it. */
export async function checkAll(
  source: DataSource,
  options: CheckedOptions,
  context: CallContext,
): Promise<DatasetReport> {
  const report = await checkDataset(source, options, context);
  if (options.code === undefined) return report;
  const { entries, findings } = codeEntries(options.code, context.signal);
  return {
    ...report,
    manifest: withEntries(report.manifest, entries),
    summary: `${report.summary}, ${entries.length} ${entries.length === 1 ? "file" : "files"} of code`,
    findings: [...report.findings, ...findings],
  };
}

const withEntries = (manifest: Manifest, entries: readonly ManifestEntry[]): Manifest => ({
  async *entries() {
    yield* manifest.entries();
    yield entries;
  },
});
