import { setImmediate as turn } from "node:timers/promises";
import type { Manifest, ManifestEntry } from "@unitrain/core/spec";
import { checksums } from "./checksums.ts";
import { type LocalFile, openEntry } from "./local-file.ts";
import { paddingOf, tarEndBytes, tarHeader } from "./tar-header.ts";

const sliceBytes = 256 * 1024;

/** How much has been read so far. */
export interface Packed {
  readonly bytes: number;
  readonly files: number;
}

/**
 * A shipment as one tar stream: `files/…`, the checksums of them in `sums/<n>` and `odd/<n>`, and `end` when nothing is missing.
 *
 * Read and hashed synchronously, in slices of 256 KiB with a turn of the event loop after each: through promises every file costs a
 * third of a millisecond. Nothing lies on this computer's disk, and no more than a few slices in its memory.
 */
export async function* tarStream(
  manifest: Manifest,
  packed: (soFar: Packed) => void,
): AsyncGenerator<Buffer> {
  const writer = sliceWriter();
  const sums = checksums();
  let bytes = 0;
  let files = 0;
  const reportProgress = () => packed({ bytes, files });
  const member = function* (path: string, content: Buffer) {
    yield* writer.put(tarHeader({ path, sizeBytes: content.length, executable: false }));
    yield* writer.put(content);
    yield* writer.pad(paddingOf(content.length));
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
      for (const list of sums.take(false)) yield* member(list.path, list.bytes);
    }
  }
  for (const list of sums.take(true)) yield* member(list.path, list.bytes);
  yield* member("end", Buffer.alloc(0));
  yield* writer.pad(tarEndBytes);
  yield writer.rest();
  reportProgress();
}

function* packEntry(entry: ManifestEntry, file: LocalFile, writer: SliceWriter): Generator<Buffer> {
  const { path, sizeBytes, executable = false } = entry;
  yield* writer.put(tarHeader({ path: `files/${path}`, sizeBytes, executable }));
  while (file.leftBytes > 0) {
    const slice = writer.fill((room) => file.read(room));
    if (slice !== undefined) yield slice;
  }
  yield* writer.pad(paddingOf(sizeBytes));
}

/** Cuts what is written into slices; each is given away whole, so that it may wait for a slow line as long as it must. */
interface SliceWriter {
  put(bytes: Buffer): Generator<Buffer>;
  pad(zeros: number): Generator<Buffer>;
  /** Lets `read` fill the room that is left; answers the slice when it is full. */
  fill(read: (room: Buffer) => number): Buffer | undefined;
  rest(): Buffer;
}

function sliceWriter(): SliceWriter {
  let slice = Buffer.allocUnsafe(sliceBytes);
  let used = 0;
  const next = () => {
    const full = slice;
    slice = Buffer.allocUnsafe(sliceBytes);
    used = 0;
    return full;
  };
  return {
    *put(bytes) {
      for (let from = 0; from < bytes.length; ) {
        const count = bytes.copy(slice, used, from);
        used += count;
        from += count;
        if (used === sliceBytes) yield next();
      }
    },
    *pad(zeros) {
      for (let remainingBytes = zeros; remainingBytes > 0; ) {
        const count = Math.min(remainingBytes, sliceBytes - used);
        slice.fill(0, used, used + count);
        used += count;
        remainingBytes -= count;
        if (used === sliceBytes) yield next();
      }
    },
    fill(read) {
      used += read(slice.subarray(used));
      return used === sliceBytes ? next() : undefined;
    },
    rest: () => slice.subarray(0, used),
  };
}
