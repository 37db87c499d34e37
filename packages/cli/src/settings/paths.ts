import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** A path as it was written, absolute. A shell does not expand the ~ of `data=~/pallets`. */
export function pathFrom<Path extends string | undefined>(path: Path, folder: string): Path {
  if (path === undefined) return path;
  return resolve(folder, path.startsWith("~/") ? join(homedir(), path.slice(2)) : path) as Path;
}
