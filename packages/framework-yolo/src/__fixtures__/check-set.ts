import type { DatasetReport } from "@unitrain/core/spec";
import { checkDataset } from "../dataset/check.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { entriesOf, quietContext } from "./drawn-set.ts";

/** Checks a folder (or data.yaml) of this computer. */
export function checkSet(path: string, options: YoloOptions = {}): Promise<DatasetReport> {
  return checkDataset({ kind: "local", path }, checkOptions(options), quietContext());
}

/** The paths that would be shipped. */
export async function shippedPaths(report: DatasetReport): Promise<readonly string[]> {
  return (await entriesOf(report.manifest)).map((entry) => entry.path);
}

/** The data.yaml that would be shipped, as text. */
export async function shippedYamlText(report: DatasetReport): Promise<string> {
  const entry = (await entriesOf(report.manifest)).find(({ path }) => path === "data.yaml");
  return entry !== undefined && "bytes" in entry.from ? new TextDecoder().decode(entry.from.bytes) : "";
}
