import { readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { isImageName } from "../dataset/image-names.ts";

/** Indexes all images below a folder, for lookup by path or by file name. */
export class SourceImages {
  readonly all: readonly string[];
  readonly #byName = new Map<string, string[]>();
  #namesByStem: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(root: string) {
    const all: string[] = [];
    const visit = (folder: string): void => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
        if (entry.isDirectory()) visit(path);
        else if (isImageName(entry.name) && statSync(path, { throwIfNoEntry: false })?.isFile())
          all.push(path);
      }
    };
    visit(root);
    this.all = all.sort();
    for (const path of this.all) {
      const name = basename(path);
      const sameName = this.#byName.get(name);
      if (sameName === undefined) this.#byName.set(name, [path]);
      else sameName.push(path);
    }
  }

  /** Returns the image with that name and any suffix, chosen as `find` does. */
  findByStem(
    stem: string,
    folders: readonly string[],
    isInSplit: (path: string) => boolean,
  ): string | undefined {
    this.#namesByStem ??= Map.groupBy(this.#byName.keys(), (name) => basename(name, extname(name)));
    for (const name of this.#namesByStem.get(basename(stem)) ?? []) {
      const found = this.find(name, folders, isInSplit);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * Returns the image that an annotation refers to: the file relative to one of the folders, otherwise the only one
   * with that name; of several, the one whose path ends with the name or that lies in the split.
   */
  find(name: string, folders: readonly string[], isInSplit: (path: string) => boolean): string | undefined {
    const plain = name.replaceAll("\\", "/");
    const paths = folders.map((folder) => join(folder, plain));
    const sameName = this.#byName.get(basename(plain)) ?? [];
    const exact = paths.find((path) => sameName.includes(path));
    if (exact !== undefined || sameName.length < 2) return exact ?? sameName[0];
    const ending = sameName.filter((path) => path.replaceAll("\\", "/").endsWith(`/${plain}`));
    const [only, ...others] = ending.length === 1 ? ending : sameName.filter(isInSplit);
    return others.length === 0 ? only : undefined;
  }
}
