import type { ManifestEntry } from "@unitrain/core/spec";
import { stringify } from "yaml";
import type { DataYaml } from "./read-yaml.ts";

/** Keys beside the splits and names that a training reads. `download` is none: it can run code. */
const keptKeys = ["channels", "kpt_shape", "flip_idx", "kpt_names"];

/** The data.yaml of the shipped layout, the same on every machine; the launcher there puts the absolute `path:` before it. */
export function shippedYaml(
  yaml: DataYaml,
  folders: Readonly<Record<string, string>>,
  names: readonly string[],
): ManifestEntry {
  const kept = keptKeys.filter((key) => yaml.values[key] !== undefined && yaml.values[key] !== null);
  const text = stringify(
    {
      ...folders,
      nc: names.length,
      names: [...names],
      ...Object.fromEntries(kept.map((key) => [key, yaml.values[key]])),
    },
    // PyYAML reads a bare `yes` or `1:30` as something else than a text.
    { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 },
  );
  const bytes = new TextEncoder().encode(text);
  return { path: "data.yaml", from: { bytes }, sizeBytes: bytes.length };
}
