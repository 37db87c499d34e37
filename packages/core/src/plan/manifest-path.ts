import { UnitrainError } from "../spec/index.ts";

/** Refuses what could land anywhere else than below the folder it is shipped to, or under another name. */
export function checkManifestPath(path: string): void {
  const fault = findPathFault(path);
  if (fault === undefined) return;
  throw new UnitrainError("UNSAFE_PATH", `${JSON.stringify(path)} cannot be shipped: ${fault}.`, {
    hint: "Rename it, or leave it out of the dataset.",
  });
}

function findPathFault(path: string): string | undefined {
  if (path === "") return "it has no name";
  if (path.includes("\0")) return "its name holds a NUL byte";
  if (path.startsWith("/")) return "it is an absolute path";
  // A lone surrogate stands for bytes that are not UTF-8 and would be shipped as something else.
  if (!path.isWellFormed()) return "its name is not valid Unicode";
  for (const part of path.split("/")) {
    if (part === "" || part === ".") return "it has an empty part or a '.' in its path";
    if (part === "..") return "it leads out of the dataset with '..'";
    if (Buffer.byteLength(part) > 255) return "a part of its name is longer than 255 bytes";
  }
  return undefined;
}
