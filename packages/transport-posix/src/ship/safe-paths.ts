import { checkManifestPath, conflictingPaths, type Manifest, SortedPaths } from "@unitrain/core/spec";

/**
 * Refuses what could land anywhere else than below the target, or over another file, before anything is sent.
 * The machine trusts the names it is sent: so this is the one gate they all pass.
 */
export async function checkPaths(manifest: Manifest): Promise<void> {
  const sorted = new SortedPaths();
  let isSorted = true;
  for await (const batch of manifest.entries()) {
    for (const { path } of batch) {
      checkManifestPath(path);
      const conflict = isSorted ? sorted.add(path) : undefined;
      if (conflict === "unsorted") isSorted = false;
      else if (conflict !== undefined) throw conflictingPaths(conflict);
    }
  }
  if (!isSorted) await checkUnsorted(manifest);
}

/** Keeps every path in memory. Core ships sorted manifests, which need not be remembered. */
async function checkUnsorted(manifest: Manifest): Promise<void> {
  const files = new Set<string>();
  for await (const batch of manifest.entries()) {
    for (const { path } of batch) {
      if (files.has(path)) throw conflictingPaths({ path, isFolderToo: false });
      files.add(path);
    }
  }
  for (const path of files) {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at);
      if (files.has(folder)) throw conflictingPaths({ path: folder, isFolderToo: true });
    }
  }
}
