import { createHash, hash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import {
  checkManifestPath,
  createPathConflictError,
  type FileContent,
  FileContents,
  type Manifest,
  type ManifestEntry,
  SortedPaths,
} from "../spec/index.ts";
import { isUnchanged, noFingerprint, readContent, refuseChange } from "./read-content.ts";
import { sortManifest } from "./sorted-manifest.ts";

const blockBytes = 1024 * 1024;
const progressEveryFiles = 100;

/** A manifest whose files have been hashed. This is what is shipped. */
export interface HashedManifest {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly files: number;
  readonly bytes: number;
  /** What this pass found, for another pass over the same files. */
  readonly reading: ManifestReading;
}

/** What a pass over a manifest found in its files. */
interface ManifestReading {
  /** The entries, sorted, without hashes. */
  readonly sorted: Manifest;
  /** The contents of entries for which the framework reports none, by the index of the entry. */
  readonly contents: FileContents;
  /** When the framework began to read them. */
  readonly readAtMs: number;
}

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called every 100 files with the number of files that have been hashed. */
  readonly onProgress?: (files: number) => void;
  readonly now: () => number;
  /** When the framework began to read the files whose content it reports. */
  readonly readAtMs: number;
  /**
   * Whether the contents that the framework reports may be out of date. If so, they are compared with the file system, and a file
   * that has changed is read again.
   */
  readonly mayBeOutdated?: boolean;
  /** What an earlier pass found. A file that has not changed since is not opened again. */
  readonly earlier?: FileContents | undefined;
  /** Throws `DATA_CHANGED` at the first file that no longer has the content that was found earlier. */
  readonly refusesChanges?: boolean;
}

/**
 * Reads every file at most once and hashes its content. Only the hashes are kept in memory. A manifest that is not sorted is sorted
 * first. Files are read synchronously, with a turn of the event loop after each MiB, because promises would cost a third of a
 * millisecond per file.
 */
export async function hashManifest(manifest: Manifest, options: HashOptions): Promise<HashedManifest> {
  const hashed = await hashSorted(manifest, options);
  if (hashed !== undefined) return hashed;
  const inOrder = await hashSorted(await sortManifest(manifest), options);
  if (inOrder === undefined) throw new Error("A sorted manifest is not sorted.");
  return inOrder;
}

/** Hashes a manifest that is sorted by path. Returns undefined if it is not sorted. */
async function hashSorted(manifest: Manifest, options: HashOptions): Promise<HashedManifest | undefined> {
  const { signal, onProgress, readAtMs } = options;
  const contents = new FileContents();
  const paths = new SortedPaths();
  const digest = createHash("sha256");
  let files = 0;
  let bytes = 0;
  let sinceTurn = 0;
  for await (const batch of manifest.entries()) {
    let lines = "";
    for (const entry of batch) {
      signal?.throwIfAborted();
      const { path, sizeBytes, executable } = entry;
      checkManifestPath(path);
      const conflict = paths.add(path);
      if (conflict === "unsorted") return undefined;
      if (conflict !== undefined) throw createPathConflictError(conflict);
      const content = getContent(entry, options.earlier?.get(files), options);
      const isReported = content === getReported(entry);
      if (!isReported) contents.set(files, content);
      lines += `${content.sha256} ${sizeBytes} ${executable ? "x" : "-"} ${path}\0`;
      files++;
      bytes += sizeBytes;
      sinceTurn += 4096 + (isReported ? 0 : sizeBytes);
      if (files % progressEveryFiles === 0) onProgress?.(files);
      if (sinceTurn > blockBytes) {
        sinceTurn = 0;
        digest.update(lines);
        lines = "";
        await turn();
      }
    }
    digest.update(lines);
  }
  const reading = { sorted: manifest, contents, readAtMs };
  return { manifest: addHashes(manifest, contents), digest: digest.digest("hex"), files, bytes, reading };
}

/** Returns the content of an entry: as it was found before if it has not changed, or else as it is read now. */
function getContent(
  entry: ManifestEntry,
  earlier: FileContent | undefined,
  options: HashOptions,
): FileContent {
  const { from, path, sizeBytes } = entry;
  const reported = getReported(entry);
  if (reported !== undefined && options.mayBeOutdated !== true) return reported;
  // What core has read itself is newer, because a `ship` hook may have changed the file after the framework read it.
  const found = earlier ?? reported;
  if ("file" in from && found !== undefined && isUnchanged(from.file, found, options.readAtMs)) return found;
  const content =
    "file" in from
      ? readContent(from.file, sizeBytes, options.now)
      : { sha256: hash("sha256", from.bytes), fingerprint: noFingerprint };
  if (options.refusesChanges === true && found !== undefined && found.sha256 !== content.sha256)
    throw refuseChange("file" in from ? from.file : path, "its content has changed since it was planned");
  return content;
}

const getReported = ({ from }: ManifestEntry): FileContent | undefined =>
  "file" in from ? from.content : undefined;

/** Adds the hashes to the entries of a manifest, which come in the same order each time. */
function addHashes(manifest: Manifest, contents: FileContents): Manifest {
  return {
    async *entries() {
      let index = 0;
      for await (const batch of manifest.entries()) {
        const first = index;
        index += batch.length;
        yield batch.map((entry, at) => addHash(entry, contents.get(first + at)));
      }
    },
  };
}

function addHash({ from, ...entry }: ManifestEntry, content: FileContent | undefined): ManifestEntry {
  if (!("file" in from)) return { ...entry, from, ...pickHash(content) };
  return { ...entry, from: { file: from.file }, ...pickHash(content ?? from.content) };
}

const pickHash = (content: FileContent | undefined) =>
  content === undefined ? {} : { sha256: content.sha256 };
