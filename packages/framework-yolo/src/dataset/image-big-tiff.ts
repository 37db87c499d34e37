import { findTiffPixelFault } from "./image-kinds.ts";
import { findSizeFault, type OpenImage, truncated } from "./open-image.ts";

const entryBytes = 20;

/**
 * Checks a little-endian BigTIFF, which has 64-bit offsets: that its first directory, and the strips listed directly in
 * it, lie within the file. Pillow opens no big-endian ones.
 */
export function findBigTiffFault({ head, sizeBytes, read }: OpenImage): string | undefined {
  if (head.length < 16) return truncated;
  const readInteger = (bytes: Buffer, at: number, size: 2 | 4 | 8): number => {
    if (size === 8) return Number(bytes.readBigUInt64LE(at));
    return size === 4 ? bytes.readUInt32LE(at) : bytes.readUInt16LE(at);
  };
  const directory = readInteger(head, 8, 8);
  const countBytes = read(directory, 8);
  if (countBytes.length < 8) return truncated;
  const count = readInteger(countBytes, 0, 8);
  if (count > 1000) return truncated;
  const entries = read(directory + 8, count * entryBytes);
  if (entries.length < count * entryBytes) return truncated;
  const values = new Map<number, number>();
  for (let at = 0; at < entries.length; at += entryBytes) {
    const size = integerBytes[readInteger(entries, at + 2, 2)];
    const valueCount = readInteger(entries, at + 4, 8);
    if (size === undefined) continue;
    // Values of up to 8 bytes are stored in the entry itself; the first of several is sufficient here.
    if (valueCount * size <= 8) values.set(readInteger(entries, at, 2), readInteger(entries, at + 12, size));
    else if (readInteger(entries, at + 12, 8) + valueCount * size > sizeBytes) return truncated;
  }
  const end = (values.get(273) ?? values.get(324) ?? 0) + (values.get(279) ?? values.get(325) ?? 0);
  if (end > sizeBytes) return truncated;
  const pixels = findTiffPixelFault(values.get(258), values.get(259));
  return pixels ?? findSizeFault(values.get(256) ?? 0, values.get(257) ?? 0);
}

/** Sizes of integers in bytes, by their TIFF type. */
const integerBytes: Readonly<Record<number, 2 | 4 | 8>> = { 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
