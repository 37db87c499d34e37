import { type Dirent, opendirSync, realpathSync, statSync } from "node:fs";
import { dirname, extname, join, sep } from "node:path";
import { type FoundImage, joinName } from "./image-list.ts";
import { NameTable } from "./name-table.ts";

const bufferedEntries = 512;

/** A label file of an image. */
export interface LabelFile {
  /** Absolute path with links resolved. */
  readonly file: string;
  /** Number (from 1) of an earlier image with the same label; 0 for none. */
  readonly previousImage: number;
}

/** A path of a label that is not a regular file. */
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
  /** For each label, the number (from 1) of the last image that uses it; 0 for none. */
  readonly lastImages: Uint32Array;
}

/** Finds the labels of images, and records which labels are used. */
export class LabelFiles {
  readonly #folders = new Map<string, LabelFolder>();

  /**
   * Finds the label of an image, which is numbered from 1 over all splits. Returns undefined for an image without a
   * label (a background), and an `InvalidLabel` when a folder or special file has the label's name.
   */
  findLabel(image: FoundImage, number: number): LabelFile | InvalidLabel | undefined {
    let invalid: InvalidLabel | undefined;
    for (const path of listLabelPaths(image)) {
      const [folder, name] = this.#locate(path);
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

  /** Returns the label's file of an image that has one. */
  getFile(image: FoundImage): string {
    for (const path of listLabelPaths(image)) {
      const [folder, name] = this.#locate(path);
      if (folder.names.indexOf(name) !== -1) return folder.links.get(name) ?? joinName(folder.realPath, name);
    }
    throw new Error(`${image.path} has no label.`);
  }

  /** All folders that were looked through, also where there is none. */
  listFolders(): Iterable<string> {
    return this.#folders.keys();
  }

  /** Yields labels in the searched folders that no image uses, except for lists of classes and notes. */
  *listUnused(): Generator<string> {
    for (const { path, names, lastImages } of this.#folders.values()) {
      for (let at = 0; at < names.length; at++) {
        if (lastImages[at] !== 0) continue;
        const name = names.at(at);
        if (!/^(?:classes|readme.*|notes|train|val|test)\.txt$/i.test(name)) yield join(path, name);
      }
    }
  }

  /** Returns the folder of a path, and the name in it. */
  #locate(path: string): readonly [folder: LabelFolder, name: string] {
    const end = path.lastIndexOf(sep);
    return [this.#folder(end <= 0 ? dirname(path) : path.slice(0, end)), path.slice(end + 1)];
  }

  #folder(path: string): LabelFolder {
    const cached = this.#folders.get(path);
    if (cached !== undefined) return cached;
    const folder = readFolder(path);
    this.#folders.set(path, folder);
    return folder;
  }
}

/** Returns possible paths of a label: by the image's path, then by its link target. */
const listLabelPaths = ({ path, file }: FoundImage): readonly string[] =>
  file === path ? getLabelPaths(path) : [...getLabelPaths(path), ...getLabelPaths(file)];

/**
 * Returns possible paths of a label. Ultralytics replaces the last `/images/` in the path by `/labels/`, then looks
 * beside the image.
 */
export function getLabelPaths(image: string): readonly string[] {
  const stem = image.slice(0, image.length - extname(image).length);
  const posix = stem.replaceAll("\\", "/");
  const at = posix.lastIndexOf("/images/");
  const beside = `${stem}.txt`;
  if (at === -1) return [beside];
  return [`${stem.slice(0, at + 1)}labels${stem.slice(at + "/images".length)}.txt`, beside];
}

/** Returns the folders that may contain the image of a label. */
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
    // The folder does not exist or cannot be read, so it has no labels.
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

/** Returns `file`, or what is wrong. Reading a pipe named x.txt would block forever. */
function getEntryKind(entry: Dirent, path: string): string {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return folderFault;
  if (!entry.isSymbolicLink()) return specialFault;
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) return "This label is a dangling link.";
  if (target.isFile()) return "file";
  return target.isDirectory() ? folderFault : specialFault;
}

const folderFault = "This label is a folder: YOLO would treat its image as a background.";
const specialFault = "This label is a pipe, socket or device.";
