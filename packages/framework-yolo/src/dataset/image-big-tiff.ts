import { tiffPixelsFault } from "./image-kinds.ts";
import { cutOff, type OpenImage, sizeFault } from "./open-image.ts";

const entryBytes = 20;

/** A little-endian TIFF with 64-bit offsets (Pillow opens no others). Looks whether its first directory, and the strips that it tells of in itself, lie within the file. */
export function bigTiffFault({ head, sizeBytes, read }: OpenImage): string | undefined {
  if (head.length < 16) return cutOff;
  const readInteger = (bytes: Buffer, at: number, size: 2 | 4 | 8): number => {
    if (size === 8) return Number(bytes.readBigUInt64LE(at));
    return size === 4 ? bytes.readUInt32LE(at) : bytes.readUInt16LE(at);
  };
  const directory = readInteger(head, 8, 8);
  const counted = read(directory, 8);
  if (counted.length < 8) return cutOff;
  const count = readInteger(counted, 0, 8);
  if (count > 1000) return cutOff;
  const entries = read(directory + 8, count * entryBytes);
  if (entries.length < count * entryBytes) return cutOff;
  const values = new Map<number, number>();
  for (let at = 0; at < entries.length; at += entryBytes) {
    const size = sizes[readInteger(entries, at + 2, 2)];
    const values8 = readInteger(entries, at + 4, 8);
    if (size === undefined) continue;
    // Up to 8 bytes stand in the entry itself; of several values the first is enough here.
    if (values8 * size <= 8) values.set(readInteger(entries, at, 2), readInteger(entries, at + 12, size));
    else if (readInteger(entries, at + 12, 8) + values8 * size > sizeBytes) return cutOff;
  }
  const end = (values.get(273) ?? values.get(324) ?? 0) + (values.get(279) ?? values.get(325) ?? 0);
  if (end > sizeBytes) return cutOff;
  const pixels = tiffPixelsFault(values.get(258), values.get(259));
  return pixels ?? sizeFault(values.get(256) ?? 0, values.get(257) ?? 0);
}

/** Bytes of whole numbers by their TIFF type. */
const sizes: Readonly<Record<number, 2 | 4 | 8>> = { 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
