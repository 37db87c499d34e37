import type { DatasetReport, Finding } from "@unitrain/core/spec";
import { checkAll } from "../src/check-all.ts";
import { summaryKind } from "../src/dataset/settle-damage.ts";
import { checkOptions, type YoloOptions } from "../src/options/options.ts";
import { createQuietContext, listEntries } from "./drawn-set.ts";

type PlainFinding = Omit<Finding, "kind">;

/** Checks a folder (or data.yaml) of this computer and returns the full report. */
export function checkFully(path: string, options: YoloOptions = {}): Promise<DatasetReport> {
  return checkAll({ kind: "local", path }, checkOptions(options), createQuietContext());
}

/** Checks a folder like {@link checkFully}, but returns findings without kinds and without counts of affected images. */
export async function checkSet(
  path: string,
  options: YoloOptions = {},
): Promise<Omit<DatasetReport, "findings"> & { readonly findings: readonly PlainFinding[] }> {
  const report = await checkFully(path, options);
  const findings = report.findings
    .filter(({ kind }) => kind !== summaryKind)
    .map(({ kind: _, ...finding }) => finding);
  return { ...report, findings };
}

/** Returns the paths that would be shipped. */
export async function listShippedPaths(report: Pick<DatasetReport, "manifest">): Promise<readonly string[]> {
  return (await listEntries(report.manifest)).map((entry) => entry.path);
}

/** Returns the text of the data.yaml that would be shipped. */
export async function readShippedYaml(report: Pick<DatasetReport, "manifest">): Promise<string> {
  const entry = (await listEntries(report.manifest)).find(({ path }) => path === "data.yaml");
  return entry !== undefined && "bytes" in entry.from ? new TextDecoder().decode(entry.from.bytes) : "";
}
