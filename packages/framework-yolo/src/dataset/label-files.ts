import { type Dirent, opendirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { type FoundImage, joinName } from "./image-list.ts";
import { NameTable } from "./name-table.ts";

const bufferedEntries = 512;

/** The label of an image. */
export interface LabelFile {
  /** Absolute, links resolved. */
  readonly file: string;
  /** The image, by its number from 1, that asked for this label before; 0 for none. */
  readonly previousImage: number;
}

/** A name where a label should be that is not a regular file. */
export interface InvalidLabel {
  readonly path: string;
  readonly fault: string;
}

interface LabelFolder {
  readonly path: string;
  readonly realPath: string;
  readonly names: NameTable;
  readonly links: ReadonlyMap<string, string>;
  readonly invalid: ReadonlyMap<string, string>;
  /** The last image, by its number from 1, that asked for each label. */
  readonly lastImages: Uint32Array;
}

/** Finds the labels of images, and remembers which labels were asked for. */
export class LabelFiles {
  readonly #folders = new Map<string, LabelFolder>();

  /**
   * Of an image, by its number from 1 over all splits. Undefined for an image without a label (a background); an `OddLabel`
   * where a folder or the like has the label's name.
   */
  findLabel(image: FoundImage, number: number): LabelFile | InvalidLabel | undefined {
    let invalid: InvalidLabel | undefined;
    for (const path of listLabelPaths(image)) {
      const folder = this.#folder(dirname(path));
      const name = basename(path);
      const at = folder.names.indexOf(name);
      if (at === -1) {
        const fault = folder.invalid.get(name);
        if (fault !== undefined) invalid ??= { path, fault };
        continue;
      }
      const previousImage = folder.lastImages[at] ?? 0;
      folder.lastImages[at] = number;
      return { file: folder.links.get(name) ?? joinName(folder.realPath, name), previousImage };
    }
    return invalid;
  }

  /** The label's file again, of an image that has one. */
  getFile(image: FoundImage): string {
    for (const path of listLabelPaths(image)) {
      const folder = this.#folder(dirname(path));
      const name = basename(path);
      if (folder.names.indexOf(name) !== -1) return folder.links.get(name) ?? joinName(folder.realPath, name);
    }
    throw new Error(`${image.path} has no label.`);
  }

  /** All folders that were looked through, also where there is none. */
  listFolders(): Iterable<string> {
    return this.#folders.keys();
  }

  /** Labels in the folders looked through that no image asked for. Lists of classes are none. */
  *listUnused(): Generator<string> {
    for (const { path, names, lastImages } of this.#folders.values()) {
      for (let at = 0; at < names.length; at++) {
        if (lastImages[at] !== 0) continue;
        const name = names.at(at);
        if (!/^(?:classes|readme.*|notes|train|val|test)\.txt$/i.test(name)) yield join(path, name);
      }
    }
  }

  #folder(path: string): LabelFolder {
    const cached = this.#folders.get(path);
    if (cached !== undefined) return cached;
    const folder = readFolder(path);
    this.#folders.set(path, folder);
    return folder;
  }
}

/** By the image's own path, then by where its bytes are. */
function* listLabelPaths({ path, file }: FoundImage): Generator<string> {
  yield* getLabelPaths(path);
  if (file !== path) yield* getLabelPaths(file);
}

/** Ultralytics' rule, the last `/images/` of the path becomes `/labels/`; then beside the image. */
export function getLabelPaths(image: string): readonly string[] {
  const stem = image.slice(0, image.length - extname(image).length);
  const posix = stem.replaceAll("\\", "/");
  const at = posix.lastIndexOf("/images/");
  const beside = `${stem}.txt`;
  if (at === -1) return [beside];
  return [`${stem.slice(0, at + 1)}labels${stem.slice(at + "/images".length)}.txt`, beside];
}

/** The other way round: folders in which the image of a label may be. */
export function getImageFolders(label: string): readonly string[] {
  const folder = dirname(label);
  const posix = `${folder.replaceAll("\\", "/")}/`;
  const at = posix.lastIndexOf("/labels/");
  if (at === -1) return [folder];
  return [join(`${folder.slice(0, at + 1)}images`, folder.slice(at + "/labels/".length)), folder];
}

function readFolder(path: string): LabelFolder {
  const found: string[] = [];
  const links = new Map<string, string>();
  const invalid = new Map<string, string>();
  let realPath = path;
  try {
    realPath = realpathSync(path);
    for (const entry of readTextEntries(realPath)) {
      const kind = getEntryKind(entry, join(realPath, entry.name));
      if (kind === "file") found.push(entry.name);
      else invalid.set(entry.name, kind);
      if (kind === "file" && entry.isSymbolicLink())
        links.set(entry.name, realpathSync(join(realPath, entry.name)));
    }
  } catch {
    // No such folder, or one that we may not read: no labels in it.
  }
  const names = new NameTable(found.sort(), { isSearched: true });
  return { path, realPath, names, links, invalid, lastImages: new Uint32Array(found.length) };
}

function* readTextEntries(folder: string): Generator<Dirent> {
  const opened = opendirSync(folder, { bufferSize: bufferedEntries });
  try {
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync())
      if (/\.txt$/i.test(entry.name)) yield entry;
  } finally {
    opened.closeSync();
  }
}

/** `file`, or what is wrong. A pipe called x.txt would hold us for ever. */
function getEntryKind(entry: Dirent, path: string): string {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return folderFault;
  if (!entry.isSymbolicLink()) return specialFault;
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) return "This label is a link that leads to nothing.";
  if (target.isFile()) return "file";
  return target.isDirectory() ? folderFault : specialFault;
}

const folderFault = "This label is a folder, so that YOLO would take its image for a background.";
const specialFault = "This label is a pipe, socket or device.";
