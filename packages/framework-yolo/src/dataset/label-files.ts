import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { FoundImage } from "./walk.ts";

/** Finds the label of a picture, and remembers which labels were asked for. */
export class LabelFiles {
  readonly #folders = new Map<string, ReadonlyMap<string, string>>();
  readonly #used = new Set<string>();

  /** Absolute, links resolved; undefined for a picture without one (a background). */
  of(image: FoundImage): string | undefined {
    for (const path of new Set([...labelPaths(image.path), ...labelPaths(image.file)])) {
      const file = this.#names(dirname(path)).get(basename(path));
      if (file === undefined) continue;
      this.#used.add(join(dirname(path), basename(path)));
      return file;
    }
    return undefined;
  }

  /** Labels in the folders looked through that no picture asked for. Lists of classes are none. */
  unused(): readonly string[] {
    return [...this.#folders].flatMap(([folder, names]) =>
      [...names.keys()]
        .filter(
          (name) => /\.txt$/i.test(name) && !/^(?:classes|readme.*|notes|train|val|test)\.txt$/i.test(name),
        )
        .map((name) => join(folder, name))
        .filter((path) => !this.#used.has(path)),
    );
  }

  #names(folder: string): ReadonlyMap<string, string> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const names = filesIn(folder);
    this.#folders.set(folder, names);
    return names;
  }
}

/** Ultralytics' rule, the last `/images/` of the path becomes `/labels/`; then beside the picture. */
export function labelPaths(image: string): readonly string[] {
  const stem = image.slice(0, image.length - extname(image).length);
  const posix = stem.replaceAll("\\", "/");
  const at = posix.lastIndexOf("/images/");
  const beside = `${stem}.txt`;
  if (at === -1) return [beside];
  return [`${stem.slice(0, at + 1)}labels${stem.slice(at + "/images".length)}.txt`, beside];
}

/** The other way round: folders in which the picture of a label may be. */
export function imageFolders(label: string): readonly string[] {
  const folder = dirname(label);
  const posix = `${folder.replaceAll("\\", "/")}/`;
  const at = posix.lastIndexOf("/labels/");
  if (at === -1) return [folder];
  return [join(`${folder.slice(0, at + 1)}images`, folder.slice(at + "/labels/".length)), folder];
}

function filesIn(folder: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  try {
    const real = realpathSync(folder);
    for (const entry of readdirSync(real, { withFileTypes: true })) {
      const path = join(real, entry.name);
      if (entry.isFile()) names.set(entry.name, path);
      // A pipe called x.txt would hold us for ever.
      else if (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile()) {
        names.set(entry.name, realpathSync(path));
      }
    }
  } catch {
    // No such folder, or one that we may not read: no labels in it.
  }
  return names;
}
