import { UnitrainError } from "./error.ts";
import type { PathConflict } from "./sorted-paths.ts";

const longestPartBytes = 255;

/**
 * Refuses a path of a manifest that could end up anywhere but below the target folder, or under another name.
 *
 * @throws UnitrainError `UNSAFE_PATH`.
 */
export function checkManifestPath(path: string): void {
  const fault = findPathFault(path);
  if (fault !== undefined) throw unsafe(path, fault);
}

/** Creates the `UNSAFE_PATH` error for two entries of a manifest that cannot both be written. */
export const createPathConflictError = ({ path, isFolderToo }: PathConflict): UnitrainError =>
  unsafe(path, isFolderToo ? "it is a file, and also the folder of another file" : "it is listed twice");

function findPathFault(path: string): string | undefined {
  if (path === "") return "it has no name";
  if (path.includes("\0")) return "its name contains a NUL character";
  if (path.startsWith("/")) return "it is an absolute path";
  // A lone surrogate stands for bytes that are not UTF-8, and would be written as something else.
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
  return new UnitrainError("UNSAFE_PATH", `Cannot upload ${JSON.stringify(path)}: ${fault}.`, {
    hint: "Rename it, or leave it out of the dataset.",
  });
}
