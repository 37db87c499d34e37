import type { ManifestEntry } from "@unitrain/core/spec";
import { stringify } from "yaml";
import type { DataYaml } from "./read-yaml.ts";

/** Keys beside the splits and names that a training reads. `download` is none: it can run code. */
const keptKeys = ["channels", "kpt_shape", "flip_idx", "kpt_names"];

/** The data.yaml of the shipped layout, the same on every machine; the launcher there puts the absolute `path:` before it. */
export function createShippedYaml(
  yaml: DataYaml,
  folders: Readonly<Record<string, string>>,
  names: readonly string[],
): ManifestEntry {
  const kept = keptKeys.filter((key) => yaml.values[key] !== undefined && yaml.values[key] !== null);
  const text = [
    ...Object.entries(folders).map(([key, folder]) => `${key}: ${quote(folder)}\n`),
    `nc: ${names.length}\n`,
    names.length === 0 ? "names: []\n" : "names:\n",
    ...names.map((name) => `  - ${quote(name)}\n`),
    kept.length === 0 ? "" : formatKeptValues(kept, yaml),
  ].join("");
  const bytes = new TextEncoder().encode(text);
  return { path: "data.yaml", from: { bytes }, sizeBytes: bytes.length };
}

/** Quoted, because PyYAML reads a bare `yes` or `1:30` as something else than a text. What JSON leaves bare may end a line in YAML. */
const quote = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Of any form. The writer is slow to start, and most sets have none of these. */
const formatKeptValues = (keys: readonly string[], { values }: DataYaml): string =>
  stringify(Object.fromEntries(keys.map((key) => [key, values[key]])), {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
  });
