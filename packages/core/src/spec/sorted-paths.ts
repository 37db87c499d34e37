/** A path for which two entries of a manifest cannot both be written. */
export interface PathConflict {
  readonly path: string;
  /** Whether `path` is a file and also the folder of another file. Otherwise it is listed twice. */
  readonly isFolderToo: boolean;
}

/**
 * Finds paths in a sorted list that are listed twice, or that are both a file and a folder. It remembers only the paths that the
 * next one may be below, so a list of a million paths needs no memory.
 */
export class SortedPaths {
  #last: string | undefined;
  /** Each entry is a prefix of the next entry, and of the last path. */
  #prefixes: string[] = [];

  /** Adds the next path and returns its conflict, if any; `"unsorted"` if it sorts before the previous path. */
  add(path: string): PathConflict | "unsorted" | undefined {
    const last = this.#last;
    if (last !== undefined && path < last) return "unsorted";
    if (path === last) return { path, isFolderToo: false };
    this.#last = path;
    const prefixes = this.#prefixes;
    while (prefixes.length > 0 && !path.startsWith(prefixes.at(-1) ?? "")) prefixes.pop();
    const file = prefixes.find((prefix) => path[prefix.length] === "/");
    prefixes.push(path);
    return file === undefined ? undefined : { path: file, isFolderToo: true };
  }
}
