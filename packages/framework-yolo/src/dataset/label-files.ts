import { type Dirent, opendirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { type FoundImage, withName } from "./image-list.ts";
import { NameTable } from "./name-table.ts";

const bufferedEntries = 512;

/** The label of an image. */
export interface LabelFile {
  /** Absolute, links resolved. */
  readonly file: string;
  /** The image, by its number from 1, that asked for this label before; 0 for none. */
  readonly askedBefore: number;
}

/** A name where a label should be that is not a regular file. */
export interface OddLabel {
  readonly path: string;
  readonly fault: string;
}

interface LabelFolder {
  readonly path: string;
  readonly real: string;
  readonly names: NameTable;
  readonly links: ReadonlyMap<string, string>;
  readonly odd: ReadonlyMap<string, string>;
  /** The last image, by its number from 1, that asked for each label. */
  readonly askedBy: Uint32Array;
}

/** Finds the labels of images, and remembers which labels were asked for. */
export class LabelFiles {
  readonly #folders = new Map<string, LabelFolder>();

  /**
   * Of an image, by its number from 1 over all splits. Undefined for an image without a label (a background); an `OddLabel`
   * where a folder or the like has the label's name.
   */
  forImage(image: FoundImage, number: number): LabelFile | OddLabel | undefined {
    let odd: OddLabel | undefined;
    for (const path of placesOf(image)) {
      const folder = this.#folder(dirname(path));
      const name = basename(path);
      const at = folder.names.indexOf(name);
      if (at === -1) {
        const fault = folder.odd.get(name);
        if (fault !== undefined) odd ??= { path, fault };
        continue;
      }
      const askedBefore = folder.askedBy[at] ?? 0;
      folder.askedBy[at] = number;
      return { file: folder.links.get(name) ?? withName(folder.real, name), askedBefore };
    }
    return odd;
  }

  /** The label's file again, of an image that has one. */
  fileOf(image: FoundImage): string {
    for (const path of placesOf(image)) {
      const folder = this.#folder(dirname(path));
      const name = basename(path);
      if (folder.names.indexOf(name) !== -1) return folder.links.get(name) ?? withName(folder.real, name);
    }
    throw new Error(`${image.path} has no label.`);
  }

  /** Labels in the folders looked through that no image asked for. Lists of classes are none. */
  *unused(): Generator<string> {
    for (const { path, names, askedBy } of this.#folders.values()) {
      for (let at = 0; at < names.length; at++) {
        if (askedBy[at] !== 0) continue;
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
function* placesOf({ path, file }: FoundImage): Generator<string> {
  yield* labelPaths(path);
  if (file !== path) yield* labelPaths(file);
}

/** Ultralytics' rule, the last `/images/` of the path becomes `/labels/`; then beside the image. */
export function labelPaths(image: string): readonly string[] {
  const stem = image.slice(0, image.length - extname(image).length);
  const posix = stem.replaceAll("\\", "/");
  const at = posix.lastIndexOf("/images/");
  const beside = `${stem}.txt`;
  if (at === -1) return [beside];
  return [`${stem.slice(0, at + 1)}labels${stem.slice(at + "/images".length)}.txt`, beside];
}

/** The other way round: folders in which the image of a label may be. */
export function imageFolders(label: string): readonly string[] {
  const folder = dirname(label);
  const posix = `${folder.replaceAll("\\", "/")}/`;
  const at = posix.lastIndexOf("/labels/");
  if (at === -1) return [folder];
  return [join(`${folder.slice(0, at + 1)}images`, folder.slice(at + "/labels/".length)), folder];
}

function readFolder(path: string): LabelFolder {
  const found: string[] = [];
  const links = new Map<string, string>();
  const odd = new Map<string, string>();
  let real = path;
  try {
    real = realpathSync(path);
    for (const entry of textFiles(real)) {
      const kind = kindOf(entry, join(real, entry.name));
      if (kind === "file") found.push(entry.name);
      else odd.set(entry.name, kind);
      if (kind === "file" && entry.isSymbolicLink())
        links.set(entry.name, realpathSync(join(real, entry.name)));
    }
  } catch {
    // No such folder, or one that we may not read: no labels in it.
  }
  const names = new NameTable(found.sort(), { isSearched: true });
  return { path, real, names, links, odd, askedBy: new Uint32Array(found.length) };
}

function* textFiles(folder: string): Generator<Dirent> {
  const opened = opendirSync(folder, { bufferSize: bufferedEntries });
  try {
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync())
      if (/\.txt$/i.test(entry.name)) yield entry;
  } finally {
    opened.closeSync();
  }
}

/** `file`, or what is wrong. A pipe called x.txt would hold us for ever. */
function kindOf(entry: Dirent, path: string): string {
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
