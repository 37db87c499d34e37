import type { Manifest, ManifestEntry } from "../spec/index.ts";

const entriesPerBatch = 1000;

/** The same entries in the order of their paths. Keeps all of them in memory. */
export async function sorted(manifest: Manifest): Promise<Manifest> {
  const entries: ManifestEntry[] = [];
  for await (const batch of manifest.entries()) for (const entry of batch) entries.push(entry);
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  return {
    async *entries() {
      for (let at = 0; at < entries.length; at += entriesPerBatch)
        yield entries.slice(at, at + entriesPerBatch);
    },
  };
}
