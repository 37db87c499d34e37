import type { Manifest, ManifestEntry } from "@unitrain/core/spec";

const entriesPerBatch = 1000;

/**
 * The same files in the same order, however often it is asked. `few` are sorted in among the `many`, which come sorted, one
 * group after the other.
 */
export function manifestOf(
  few: readonly ManifestEntry[],
  many: readonly (() => Iterable<ManifestEntry>)[] = [],
): Manifest {
  const sortedFew = [...few].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    async *entries() {
      let batch: ManifestEntry[] = [];
      for (const entry of merged(sortedFew, many)) {
        batch.push(entry);
        if (batch.length < entriesPerBatch) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}

function* merged(
  few: readonly ManifestEntry[],
  many: readonly (() => Iterable<ManifestEntry>)[],
): Generator<ManifestEntry> {
  let next = 0;
  for (const group of many) {
    for (const entry of group()) {
      for (
        let addition = few[next];
        addition !== undefined && addition.path < entry.path;
        addition = few[++next]
      )
        yield addition;
      yield entry;
    }
  }
  for (const addition of few.slice(next)) yield addition;
}
