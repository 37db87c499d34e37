import { checkManifestPath, createPathConflictError, type Manifest, SortedPaths } from "@unitrain/core/spec";

/**
 * Throws for a path that would end up outside the target or overwrite another file. The machine trusts the names that it receives, so
 * all of them are checked here before anything is sent.
 */
export async function checkPaths(manifest: Manifest): Promise<void> {
  const sorted = new SortedPaths();
  let isSorted = true;
  for await (const batch of manifest.entries()) {
    for (const { path } of batch) {
      checkManifestPath(path);
      const conflict = isSorted ? sorted.add(path) : undefined;
      if (conflict === "unsorted") isSorted = false;
      else if (conflict !== undefined) throw createPathConflictError(conflict);
    }
  }
  if (!isSorted) await checkUnsorted(manifest);
}

/** Checks an unsorted manifest, which needs every path in memory. Core ships sorted manifests. */
async function checkUnsorted(manifest: Manifest): Promise<void> {
  const files = new Set<string>();
  for await (const batch of manifest.entries()) {
    for (const { path } of batch) {
      if (files.has(path)) throw createPathConflictError({ path, isFolderToo: false });
      files.add(path);
    }
  }
  for (const path of files) {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at);
      if (files.has(folder)) throw createPathConflictError({ path: folder, isFolderToo: true });
    }
  }
}
