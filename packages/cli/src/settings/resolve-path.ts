import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Makes a path absolute. Expands `~/`, because a shell does not expand it in `data=~/pallets`. A URL stays as it is: as part of a path it
 * would lose a slash, and its password would no longer be recognized.
 */
export function resolvePath<Path extends string | undefined>(path: Path, folder: string): Path {
  if (path === undefined || /^[a-z][a-z\d+.-]+:\/\//i.test(path)) return path;
  return resolve(folder, path.startsWith("~/") ? join(homedir(), path.slice(2)) : path) as Path;
}
