import type { Manifest, ManifestEntry } from "../spec/index.ts";
import { findSequences, mergeSequences } from "./sorted-sequences.ts";

const entriesPerBatch = 1000;
/** A manifest up to both limits is sorted in memory, so that a plugin has to create its entries only once. */
const keptEntries = 100_000;
const keptBytes = 64 * 1024 * 1024;

/**
 * Returns a manifest with the same entries sorted by path. A large manifest that consists of a few sorted sequences (a plugin appended
 * files, or lists each image with its label) is merged from them on each pass. Any other manifest is kept in memory.
 */
export async function sortManifest(
  manifest: Manifest,
  kept = { entries: keptEntries, bytes: keptBytes },
): Promise<Manifest> {
  const sequences = await findSequences(manifest);
  const isSmall = sequences.entries <= kept.entries && sequences.bytesInMemory <= kept.bytes;
  return isSmall || sequences.count === undefined
    ? sortInMemory(manifest)
    : mergeSequences(manifest, sequences.count, sequences.numbers);
}

async function sortInMemory(manifest: Manifest): Promise<Manifest> {
  const entries: ManifestEntry[] = [];
  for await (const batch of manifest.entries()) for (const entry of batch) entries.push(entry);
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    async *entries() {
      for (let at = 0; at < entries.length; at += entriesPerBatch)
        yield entries.slice(at, at + entriesPerBatch);
    },
  };
}
