import type { ManifestEntry } from "@unitrain/core/spec";
import type { DataYaml } from "./data-yaml.ts";

/** Additional keys that a training reads. `download` is excluded because it can run code. */
const keptKeys = ["channels", "kpt_shape", "flip_idx", "kpt_names"];

/**
 * Creates the data.yaml for the uploaded layout, which is the same for every machine; the launcher prepends the
 * absolute `path:` there.
 */
export async function createShippedYaml(
  yaml: DataYaml,
  folders: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<ManifestEntry> {
  const kept = keptKeys.filter((key) => yaml.values[key] !== undefined && yaml.values[key] !== null);
  const text = [
    ...Object.entries(folders).map(([key, folder]) => `${key}: ${quote(folder)}\n`),
    `nc: ${names.length}\n`,
    names.length === 0 ? "names: []\n" : "names:\n",
    ...names.map((name) => `  - ${quote(name)}\n`),
    kept.length === 0 ? "" : await formatValues(kept, yaml),
  ].join("");
  const bytes = new TextEncoder().encode(text);
  return { path: "data.yaml", from: { bytes }, sizeBytes: bytes.length };
}

/**
 * Quotes text, because PyYAML reads a bare `yes` or `1:30` as another type. Also escapes characters that JSON allows
 * but that end a line in YAML.
 */
const quote = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Formats values of any type. The library for YAML is loaded only for a dataset that has such keys. */
async function formatValues(keys: readonly string[], { values }: DataYaml): Promise<string> {
  const { formatYaml } = await import("./yaml-text.ts");
  return formatYaml(Object.fromEntries(keys.map((key) => [key, values[key]])));
}
