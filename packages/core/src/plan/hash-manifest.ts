import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { type Manifest, type ManifestEntry, UnitrainError } from "../spec/index.ts";
import { checkManifestPath } from "./manifest-path.ts";

const blockBytes = 1024 * 1024;

/** A manifest whose content is known: what a plan keeps, and what a shipment is made of. */
export interface HashedManifest {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly files: number;
  readonly bytes: number;
}

/** Hashes of files by what `stat` says of them, so that `start` need not read again what `plan` read in the same process. */
export type HashCache = Map<string, string>;

/**
 * Reads every file once and names the content. Synchronous in slices of 1 MiB with a turn of the event loop between them:
 * promises cost a third of a millisecond a file.
 */
export async function hashManifest(
  manifest: Manifest,
  cache: HashCache,
  signal?: AbortSignal,
): Promise<HashedManifest> {
  const entries: ManifestEntry[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  let sinceTurn = 0;
  for await (const batch of manifest.entries()) {
    for (const entry of batch) {
      signal?.throwIfAborted();
      checkManifestPath(entry.path);
      if (seen.has(entry.path)) throw twice(entry.path);
      seen.add(entry.path);
      const sha256 =
        "bytes" in entry.from ? sha256Of(entry.from.bytes) : hashFile(entry, entry.from.file, cache);
      entries.push({ ...entry, sha256 });
      bytes += entry.sizeBytes;
      sinceTurn += entry.sizeBytes + 4096;
      if (sinceTurn > blockBytes) {
        sinceTurn = 0;
        await turn();
      }
    }
  }
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const { path } of entries) {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      if (seen.has(path.slice(0, at))) throw twice(path.slice(0, at));
    }
  }
  const digest = createHash("sha256");
  for (const { path, sizeBytes, sha256, executable } of entries) {
    digest.update(`${sha256} ${sizeBytes} ${executable ? "x" : "-"} ${path}\0`);
  }
  return { manifest: inBatches(entries), digest: digest.digest("hex"), files: entries.length, bytes };
}

function inBatches(entries: readonly ManifestEntry[]): Manifest {
  return {
    async *entries() {
      for (let at = 0; at < entries.length; at += 1000) yield entries.slice(at, at + 1000);
    },
  };
}

function hashFile(entry: ManifestEntry, file: string, cache: HashCache): string {
  let descriptor: number;
  try {
    // Not blocking: a named pipe with the name of a picture must not hang us.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw changed(file, "it cannot be read", error);
  }
  try {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) throw changed(file, "it is not a regular file");
    if (stat.size !== BigInt(entry.sizeBytes)) throw changed(file, "its size changed since it was listed");
    const key = `${file}\0${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const hash = createHash("sha256");
    const block = Buffer.allocUnsafe(Math.min(blockBytes, entry.sizeBytes + 1));
    let read = 0;
    for (let count = readSync(descriptor, block); count > 0; count = readSync(descriptor, block)) {
      hash.update(block.subarray(0, count));
      read += count;
    }
    if (read !== entry.sizeBytes) throw changed(file, "its size changed while it was read");
    const sha256 = hash.digest("hex");
    cache.set(key, sha256);
    return sha256;
  } finally {
    closeSync(descriptor);
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function changed(file: string, what: string, cause?: unknown): UnitrainError {
  return new UnitrainError("DATA_CHANGED", `${file}: ${what}.`, {
    hint: "Let whatever writes into the dataset finish, then plan again.",
    cause,
  });
}

function twice(path: string): UnitrainError {
  return new UnitrainError("UNSAFE_PATH", `${JSON.stringify(path)} stands twice in what shall be shipped.`, {
    hint: "One file would overwrite the other: rename one of them.",
  });
}
