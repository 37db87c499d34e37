/** Two entries of a manifest that cannot both be written. */
export interface PathConflict {
  readonly path: string;
  /** `path` is a file and the folder of another file at once; else it is listed twice. */
  readonly isFolderToo: boolean;
}

/**
 * Finds paths that are listed twice, or are a file and a folder at once, in a sorted list. It remembers only the paths that
 * the next one may lie below, so that a million of them take no memory.
 */
export class SortedPaths {
  #last: string | undefined;
  /** Each is a prefix of the one after it, and of the last path. */
  #prefixes: string[] = [];

  /** `"unsorted"` where the path comes before the one of the last call: then this list cannot be checked here. */
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
