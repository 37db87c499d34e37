import { createHash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import {
  checkManifestPath,
  conflictingPaths,
  type Manifest,
  SortedPaths,
  UnitrainError,
} from "../spec/index.ts";
import { type ByteText, type HashCache, HashCollector, noFingerprint } from "./content-hashes.ts";
import { sortManifest } from "./sorted-manifest.ts";

const blockBytes = 1024 * 1024;
const tellEveryFiles = 100;

/** A manifest whose content is known: what a plan keeps, and what a shipment is made of. */
export interface HashedManifest {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly files: number;
  readonly bytes: number;
}

/** What else can be said of a manifest while it is hashed. */
export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the number of files that were read so far. */
  readonly onProgress?: (files: number) => void;
}

/**
 * Reads every file once and names the content. Of a sorted manifest nothing but the hashes is kept; another one is sorted in
 * memory first. Synchronous in slices of 1 MiB with a turn of the event loop between them: promises cost a third of a
 * millisecond a file.
 */
export async function hashManifest(
  manifest: Manifest,
  cache: HashCache,
  options: HashOptions = {},
): Promise<HashedManifest> {
  const hashed = await hashSorted(manifest, cache, options);
  if (hashed !== undefined) return hashed;
  const inOrder = await hashSorted(await sortManifest(manifest), cache, options);
  if (inOrder === undefined) throw new Error("A sorted manifest is not sorted.");
  return inOrder;
}

/** Undefined when the manifest is not sorted by path. */
async function hashSorted(
  manifest: Manifest,
  cache: HashCache,
  { signal, onProgress }: HashOptions,
): Promise<HashedManifest | undefined> {
  const hashes = new HashCollector(cache);
  const paths = new SortedPaths();
  const digest = createHash("sha256");
  let files = 0;
  let bytes = 0;
  let sinceTurn = 0;
  for await (const batch of manifest.entries()) {
    for (const entry of batch) {
      signal?.throwIfAborted();
      const { path, sizeBytes, executable, from } = entry;
      checkManifestPath(path);
      const conflict = paths.add(path);
      if (conflict === "unsorted") return undefined;
      if (conflict !== undefined) throw conflictingPaths(conflict);
      if ("bytes" in from) hashes.add(hash("sha256", from.bytes, "binary"), noFingerprint);
      else hashFile(sizeBytes, from.file, hashes);
      digest.update(`${hashes.at(files)} ${sizeBytes} ${executable ? "x" : "-"} ${path}\0`);
      files++;
      bytes += sizeBytes;
      sinceTurn += sizeBytes + 4096;
      if (files % tellEveryFiles === 0) onProgress?.(files);
      if (sinceTurn > blockBytes) {
        sinceTurn = 0;
        await turn();
      }
    }
  }
  hashes.finish();
  return { manifest: withHashes(manifest, hashes.at), digest: digest.digest("hex"), files, bytes };
}

/** The manifest's entries, which come in the same order each time, with their hashes. */
function withHashes(manifest: Manifest, hashAt: (index: number) => string): Manifest {
  return {
    async *entries() {
      let index = 0;
      for await (const batch of manifest.entries()) {
        const first = index;
        index += batch.length;
        yield batch.map((entry, at) => ({ ...entry, sha256: hashAt(first + at) }));
      }
    },
  };
}

function hashFile(sizeBytes: number, file: string, hashes: HashCollector): void {
  let descriptor: number;
  try {
    // Not blocking: a named pipe with the name of an image must not hang us.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw changed(file, "it cannot be read", error);
  }
  try {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) throw changed(file, "it is not a regular file");
    if (stat.size !== BigInt(sizeBytes)) throw changed(file, "its size changed since it was listed");
    const identity = `${file}\0${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
    const fingerprint = hash("sha256", identity, "binary").slice(0, noFingerprint.length);
    if (hashes.takeKnown(fingerprint)) return;
    hashes.add(contentHash(descriptor, sizeBytes, file), fingerprint);
  } finally {
    closeSync(descriptor);
  }
}

const block = Buffer.allocUnsafeSlow(blockBytes);

function contentHash(descriptor: number, sizeBytes: number, file: string): ByteText {
  let read = readSync(descriptor, block, 0, blockBytes, null);
  if (read === sizeBytes && read < blockBytes) return hash("sha256", block.subarray(0, read), "binary");
  const running = createHash("sha256");
  for (let count = read; count > 0; read += count) {
    running.update(block.subarray(0, count));
    count = readSync(descriptor, block, 0, blockBytes, null);
  }
  if (read !== sizeBytes) throw changed(file, "its size changed while it was read");
  return running.digest("binary");
}

function changed(file: string, change: string, cause?: unknown): UnitrainError {
  return new UnitrainError("DATA_CHANGED", `${file}: ${change}.`, {
    hint: "Let whatever writes into the dataset finish, then plan again.",
    cause,
  });
}
