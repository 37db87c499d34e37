import { crc32 } from "node:zlib";
import { damaged, findSizeFault, type OpenImage, truncated } from "./open-image.ts";

const endChunk = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/**
 * Checks the header and end of a PNG, and all checksums if the reading budget allows: Ultralytics drops a PNG with a
 * single wrong checksum.
 */
export function findPngFault(image: OpenImage): string | undefined {
  const { head, sizeBytes, read } = image;
  if (head.length < 33) return truncated;
  if (crc32(head.subarray(12, 29)) !== head.readUInt32BE(29)) return damaged;
  const fault = image.mayReadWhole()
    ? findChunkFault(read(0, sizeBytes))
    : read(sizeBytes - endChunk.length, endChunk.length).equals(endChunk) ||
        read(24, sizeBytes).includes(endChunk)
      ? undefined
      : truncated;
  return fault ?? findSizeFault(head.readUInt32BE(16), head.readUInt32BE(20));
}

/** Checks all chunks, which consist of a length, a name, content and a checksum. Ignores bytes after the last one. */
function findChunkFault(bytes: Buffer): string | undefined {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const next = at + 12 + bytes.readUInt32BE(at);
    if (next > bytes.length) return truncated;
    // Decoders ignore the checksum of the last chunk.
    if (bytes.toString("latin1", at + 4, at + 8) === "IEND") return undefined;
    if (crc32(bytes.subarray(at + 4, next - 4)) !== bytes.readUInt32BE(next - 4)) return damaged;
    at = next;
  }
  return truncated;
}
