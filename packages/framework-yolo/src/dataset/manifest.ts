import type { Manifest, ManifestEntry } from "@unitrain/core/spec";

const entriesPerBatch = 1000;

/**
 * Creates a manifest that yields the same files in the same order on each pass. Entries of `unsorted` are merged into
 * `sortedGroups`, which are sorted by path and in order.
 */
export function createManifest(
  unsorted: readonly ManifestEntry[],
  sortedGroups: readonly (() => Iterable<ManifestEntry>)[] = [],
): Manifest {
  const sortedFew = [...unsorted].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    async *entries() {
      let batch: ManifestEntry[] = [];
      for (const entry of mergeEntries(sortedFew, sortedGroups)) {
        batch.push(entry);
        if (batch.length < entriesPerBatch) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}

function* mergeEntries(
  unsorted: readonly ManifestEntry[],
  sortedGroups: readonly (() => Iterable<ManifestEntry>)[],
): Generator<ManifestEntry> {
  let next = 0;
  for (const group of sortedGroups) {
    for (const entry of group()) {
      for (
        let addition = unsorted[next];
        addition !== undefined && addition.path < entry.path;
        addition = unsorted[++next]
      )
        yield addition;
      yield entry;
    }
  }
  for (const addition of unsorted.slice(next)) yield addition;
}
