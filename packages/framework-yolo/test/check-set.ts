import type { DatasetReport, Finding } from "@unitrain/core/spec";
import { checkAll } from "../src/check-all.ts";
import { summaryKind } from "../src/dataset/settle-damage.ts";
import { checkOptions, type YoloOptions } from "../src/options/options.ts";
import { createQuietContext, listEntries } from "./drawn-set.ts";

type PlainFinding = Omit<Finding, "kind">;

/** Checks a folder (or data.yaml) of this computer: all that the check says. */
export function checkFully(path: string, options: YoloOptions = {}): Promise<DatasetReport> {
  return checkAll({ kind: "local", path }, checkOptions(options), createQuietContext());
}

/** The same, of the findings only what each says of its file: without kinds, and without the count of affected images. */
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

/** The paths that would be shipped. */
export async function listShippedPaths(report: Pick<DatasetReport, "manifest">): Promise<readonly string[]> {
  return (await listEntries(report.manifest)).map((entry) => entry.path);
}

/** The data.yaml that would be shipped, as text. */
export async function readShippedYaml(report: Pick<DatasetReport, "manifest">): Promise<string> {
  const entry = (await listEntries(report.manifest)).find(({ path }) => path === "data.yaml");
  return entry !== undefined && "bytes" in entry.from ? new TextDecoder().decode(entry.from.bytes) : "";
}
