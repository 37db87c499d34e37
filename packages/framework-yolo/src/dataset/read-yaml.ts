import { readFileSync, statSync } from "node:fs";
import type { DataYaml } from "./data-yaml.ts";
import { decodeText } from "./decode-text.ts";
import { createDatasetError } from "./find-yaml.ts";
import { formatPath } from "./findings.ts";
import { readPlainYaml } from "./plain-yaml.ts";

const maxBytes = 10 * 1024 * 1024;

/** Reads a data.yaml. Throws `INVALID_DATASET`, with the line, when it is not a valid YAML mapping. */
export async function readYaml(file: string): Promise<DataYaml> {
  if (statSync(file).size > maxBytes)
    throw createDatasetError(`${formatPath(file)} is too large for a data.yaml.`);
  const bytes = readFileSync(file);
  const plain = readPlainYaml(decodeText(bytes));
  // The library for YAML is larger than the whole check, and few datasets need it.
  if (plain === undefined) return (await import("./any-yaml.ts")).readAnyYaml(file, bytes);
  return { file, values: plain.values, getLine: (key) => plain.lines.get(key) };
}
