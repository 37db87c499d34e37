import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Makes a path absolute. Expands `~/`, because a shell does not expand it in `data=~/pallets`. */
export function resolvePath<Path extends string | undefined>(path: Path, folder: string): Path {
  if (path === undefined) return path;
  return resolve(folder, path.startsWith("~/") ? join(homedir(), path.slice(2)) : path) as Path;
}
