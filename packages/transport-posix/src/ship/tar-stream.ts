import { setImmediate as turn } from "node:timers/promises";
import type { Manifest, ManifestEntry } from "@unitrain/core/spec";
import { createChecksums } from "./checksums.ts";
import { type LocalFile, openEntry } from "./local-file.ts";
import { buildTarHeader, getPaddingBytes, tarEndBytes } from "./tar-header.ts";

const sliceBytes = 256 * 1024;

/** How much has been packed so far. */
export interface PackProgress {
  readonly bytes: number;
  readonly files: number;
}

/**
 * Creates a tar stream of a shipment: `files/…`, their checksums in `sums/<n>` and `odd/<n>`, and `end` as the last member.
 *
 * Files are read and hashed synchronously, in slices of 256 KiB with a turn of the event loop after each, because with promises each
 * file would cost a third of a millisecond. Only a few slices are in memory at a time, and nothing is written to this computer's disk.
 */
export async function* createTarStream(
  manifest: Manifest,
  onProgress: (soFar: PackProgress) => void,
): AsyncGenerator<Buffer> {
  const writer = createSliceWriter();
  const sums = createChecksums();
  let bytes = 0;
  let files = 0;
  const reportProgress = () => onProgress({ bytes, files });
  const member = function* (path: string, content: Buffer) {
    yield* writer.put(buildTarHeader({ path, sizeBytes: content.length, executable: false }));
    yield* writer.put(content);
    yield* writer.pad(getPaddingBytes(content.length));
  };

  for await (const batch of manifest.entries()) {
    for (const entry of batch) {
      const file = openEntry(entry);
      try {
        for (const slice of packEntry(entry, file, writer)) {
          yield slice;
          reportProgress();
          await turn();
        }
        sums.add(entry.path, file.sha256(), entry.sizeBytes);
      } finally {
        file.close();
      }
      bytes += entry.sizeBytes;
      files += 1;
      for (const list of sums.takeLists(false)) yield* member(list.path, list.bytes);
    }
  }
  for (const list of sums.takeLists(true)) yield* member(list.path, list.bytes);
  yield* member("end", Buffer.alloc(0));
  yield* writer.pad(tarEndBytes);
  yield writer.rest();
  reportProgress();
}

function* packEntry(entry: ManifestEntry, file: LocalFile, writer: SliceWriter): Generator<Buffer> {
  const { path, sizeBytes, executable = false } = entry;
  yield* writer.put(buildTarHeader({ path: `files/${path}`, sizeBytes, executable }));
  while (file.remainingBytes > 0) {
    const slice = writer.fill((room) => file.read(room));
    if (slice !== undefined) yield slice;
  }
  yield* writer.pad(getPaddingBytes(sizeBytes));
}

/** Cuts the written bytes into slices. Each slice has its own memory, so it may wait for a slow connection as long as needed. */
interface SliceWriter {
  put(bytes: Buffer): Generator<Buffer>;
  pad(zeros: number): Generator<Buffer>;
  /** Lets `read` fill the free part of the slice; returns the slice once it is full. */
  fill(read: (room: Buffer) => number): Buffer | undefined;
  rest(): Buffer;
}

function createSliceWriter(): SliceWriter {
  let slice = Buffer.allocUnsafe(sliceBytes);
  let usedBytes = 0;
  const startNextSlice = () => {
    const full = slice;
    slice = Buffer.allocUnsafe(sliceBytes);
    usedBytes = 0;
    return full;
  };
  return {
    *put(bytes) {
      for (let from = 0; from < bytes.length; ) {
        const count = bytes.copy(slice, usedBytes, from);
        usedBytes += count;
        from += count;
        if (usedBytes === sliceBytes) yield startNextSlice();
      }
    },
    *pad(zeros) {
      for (let remainingBytes = zeros; remainingBytes > 0; ) {
        const count = Math.min(remainingBytes, sliceBytes - usedBytes);
        slice.fill(0, usedBytes, usedBytes + count);
        usedBytes += count;
        remainingBytes -= count;
        if (usedBytes === sliceBytes) yield startNextSlice();
      }
    },
    fill(read) {
      usedBytes += read(slice.subarray(usedBytes));
      return usedBytes === sliceBytes ? startNextSlice() : undefined;
    },
    rest: () => slice.subarray(0, usedBytes),
  };
}
