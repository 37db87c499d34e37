import { type Manifest, type PathConflict, SortedPaths, UnitrainError } from "@unitrain/core/spec";

const longestPartBytes = 255;

/**
 * Refuses what could land anywhere else than below the target, or over another file, before anything is sent.
 * The machine trusts the names it is sent: so this is the one gate they all pass.
 */
export async function checkPaths(manifest: Manifest): Promise<void> {
  const sorted = new SortedPaths();
  let isSorted = true;
  for await (const batch of manifest.entries()) {
    for (const { path } of batch) {
      const fault = faultOf(path);
      if (fault !== undefined) throw unsafe(path, fault);
      const conflict = isSorted ? sorted.add(path) : undefined;
      if (conflict === "unsorted") isSorted = false;
      else if (conflict !== undefined) throw conflicting(conflict);
    }
  }
  if (!isSorted) await checkUnsorted(manifest);
}

/** Keeps every path in memory. Core ships sorted manifests, which need not be remembered. */
async function checkUnsorted(manifest: Manifest): Promise<void> {
  const files = new Set<string>();
  for await (const batch of manifest.entries()) {
    for (const { path } of batch) {
      if (files.has(path)) throw conflicting({ path, isFolderToo: false });
      files.add(path);
    }
  }
  for (const path of files) {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at);
      if (files.has(folder)) throw conflicting({ path: folder, isFolderToo: true });
    }
  }
}

const conflicting = ({ path, isFolderToo }: PathConflict): UnitrainError =>
  unsafe(
    path,
    isFolderToo ? "it is a file, and the folder of another file" : "it stands twice in what is shipped",
  );

function faultOf(path: string): string | undefined {
  if (path === "") return "it has no name";
  if (path.includes("\0")) return "its name holds a NUL character";
  if (path.startsWith("/")) return "it is an absolute path";
  if (!path.isWellFormed()) return "its name is not valid Unicode";
  for (const part of path.split("/")) {
    if (part === "") return "its path has an empty part";
    if (part === "." || part === "..") return `its path has a part '${part}'`;
    if (Buffer.byteLength(part) > longestPartBytes)
      return `a part of its name is longer than ${longestPartBytes} bytes`;
  }
  return undefined;
}

function unsafe(path: string, fault: string): UnitrainError {
  return new UnitrainError("UNSAFE_PATH", `${JSON.stringify(path)} is not shipped: ${fault}.`, {
    hint: "Rename it, or leave it out of the dataset.",
  });
}
