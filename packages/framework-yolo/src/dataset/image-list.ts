import { basename, dirname, join, sep } from "node:path";
import { NameTable } from "./name-table.ts";

/** An image of a split. */
export interface FoundImage {
  /** Absolute path with the user's folder names, by which labels are found. */
  readonly path: string;
  /** The file with links resolved. */
  readonly file: string;
}

/** The images that lie in one folder. */
interface ImageFolder {
  readonly path: string;
  /** The folder with all links resolved. */
  readonly realPath: string;
  readonly names: NameTable;
  /** Link targets by the name of the image. */
  readonly links: ReadonlyMap<string, string>;
}

/** All images of a split by folder, in a stable order. Created by `ImageListBuilder`. */
export class ImageList {
  readonly folders: readonly ImageFolder[];
  readonly length: number;
  /** Index of each folder's first image. */
  readonly #starts: readonly number[];

  constructor(folders: readonly ImageFolder[]) {
    this.folders = folders;
    const starts: number[] = [];
    let length = 0;
    for (const { names } of folders) {
      starts.push(length);
      length += names.length;
    }
    this.#starts = starts;
    this.length = length;
  }

  at(index: number): FoundImage {
    const place = this.#findFolder(index);
    const folder = this.folders[place];
    if (folder === undefined || index >= this.length) throw new RangeError(`There is no image ${index}.`);
    return getImage(folder, index - (this.#starts[place] ?? 0));
  }

  *[Symbol.iterator](): Generator<FoundImage> {
    for (const folder of this.folders)
      for (let at = 0; at < folder.names.length; at++) yield getImage(folder, at);
  }

  /** Finds the folder that contains an image, by binary search. */
  #findFolder(index: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function getImage({ path, realPath, names, links }: ImageFolder, at: number): FoundImage {
  const name = names.at(at);
  return { path: joinName(path, name), file: links.get(name) ?? joinName(realPath, name) };
}

/** Joins a folder and a plain file name, ten times as fast as `join`. */
export const joinName = (folder: string, name: string): string =>
  folder.endsWith(sep) ? folder + name : folder + sep + name;

interface OpenFolder {
  readonly realPath: string;
  names: string[];
  readonly seenNames: Set<string> | undefined;
  readonly links: Map<string, string>;
}

/** Collects images without duplicates and stores them compactly. */
export class ImageListBuilder {
  readonly #folders = new Map<string, OpenFolder | ImageFolder>();
  readonly #mayRepeat: boolean;

  /** `mayRepeat` enables the check for duplicates, for images from several sources or list files. */
  constructor({ mayRepeat }: { readonly mayRepeat: boolean }) {
    this.#mayRepeat = mayRepeat;
  }

  /**
   * Adds an image. Returns false when the list already contains it.
   *
   * @param realPath The folder with all links resolved.
   * @param file The image's file with links resolved, if it may be a link.
   */
  add(folder: string, realPath: string, name: string, file?: string): boolean {
    let open = this.#folders.get(folder);
    if (open === undefined || !("seenNames" in open)) {
      open = { realPath, names: [], seenNames: this.#mayRepeat ? new Set() : undefined, links: new Map() };
      this.#folders.set(folder, open);
    }
    if (open.seenNames?.has(name)) return false;
    open.seenNames?.add(name);
    open.names.push(name);
    if (file !== undefined && file !== joinName(open.realPath, name)) open.links.set(name, file);
    return true;
  }

  /** Adds an image of another list. */
  addFound({ path, file }: FoundImage): void {
    this.add(dirname(path), dirname(file), basename(path), file);
  }

  /** Marks a folder as complete and packs its names, so that only one folder's names are held as strings. */
  close(path: string): void {
    const open = this.#folders.get(path);
    if (open !== undefined && "seenNames" in open && !this.#mayRepeat)
      this.#folders.set(path, packFolder(path, open));
  }

  finish(): ImageList {
    const folders = [...this.#folders].map(([path, folder]) =>
      "seenNames" in folder ? packFolder(path, folder) : folder,
    );
    this.#folders.clear();
    return new ImageList(folders.sort((a, b) => (a.path < b.path ? -1 : 1)));
  }
}

function packFolder(path: string, { realPath, names, links }: OpenFolder): ImageFolder {
  return { path: join(path), realPath, names: new NameTable(names.sort()), links };
}
