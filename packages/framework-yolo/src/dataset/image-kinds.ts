import { findSizeFault, type OpenImage, truncated } from "./open-image.ts";

export function findBmpFault({ head, sizeBytes }: OpenImage): string | undefined {
  if (head.length < 34) return truncated;
  const pixelsAt = head.readUInt32LE(10);
  const isOld = head.readUInt32LE(14) === 12;
  const width = isOld ? head.readUInt16LE(18) : Math.abs(head.readInt32LE(18));
  const height = isOld ? head.readUInt16LE(20) : Math.abs(head.readInt32LE(22));
  const bitsPerPixel = head.readUInt16LE(isOld ? 24 : 28);
  // The file size in the header is wrong in many files and is ignored.
  const compression = isOld ? 0 : head.readUInt32LE(30);
  const isPlain = compression === 0 || compression === 3;
  const bytes = isPlain ? Math.ceil((width * bitsPerPixel) / 32) * 4 * height : 1;
  return findSizeFault(width, height) ?? (pixelsAt + bytes > sizeBytes ? truncated : undefined);
}

export function findWebpFault({ head, sizeBytes }: OpenImage): string | undefined {
  if (head.length < 30 || head.readUInt32LE(4) + 8 > sizeBytes) return truncated;
  switch (head.toString("latin1", 12, 16)) {
    case "VP8X":
      return findSizeFault(head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1);
    case "VP8L": {
      const bits = head.readUInt32LE(21);
      return findSizeFault((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    default:
      return findSizeFault(head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff);
  }
}

/** Compressions of TIFF that Python's OpenCV packages do not support. Pillow opens such files. */
const undecodableCompressions: ReadonlyMap<number, string> = new Map([
  [34925, "LZMA"],
  [50000, "Zstandard"],
  [50001, "WebP"],
]);

/** Returns why OpenCV cannot decode a complete TIFF, by its tags 258 and 259. */
export function findTiffPixelFault(bitsPerSample = 8, compression = 1): string | undefined {
  const method = undecodableCompressions.get(compression);
  const problem =
    method !== undefined
      ? `compressed by ${method}`
      : bitsPerSample > 16
        ? `of ${bitsPerSample} bits a sample`
        : undefined;
  return problem === undefined
    ? undefined
    : `This is a TIFF ${problem}, which would abort the training: convert it to PNG or JPEG.`;
}

/** Size of a value in bytes, by its TIFF type. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Checks that a TIFF's first directory, and the data it points to, lie within the file. */
export function findTiffFault({ head, sizeBytes, read }: OpenImage): string | undefined {
  const isLittleEndian = head[0] === 0x49;
  const readUint16 = (bytes: Buffer, at: number) =>
    isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  const readUint32 = (bytes: Buffer, at: number) =>
    isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  if (head.length < 8) return truncated;
  const directory = readUint32(head, 4);
  const countBytes = read(directory, 2);
  if (countBytes.length < 2) return truncated;
  const entries = read(directory + 2, readUint16(countBytes, 0) * 12);
  if (entries.length < readUint16(countBytes, 0) * 12) return truncated;
  const values = new Map<number, readonly number[]>();
  for (let at = 0; at < entries.length; at += 12) {
    const type = readUint16(entries, at + 2);
    const count = readUint32(entries, at + 4);
    const bytes = (typeBytes[type] ?? 0) * count;
    const isInline = bytes <= 4;
    if (!isInline && readUint32(entries, at + 8) + bytes > sizeBytes) return truncated;
    if ((type !== 3 && type !== 4) || count > 100_000) continue;
    const source = isInline ? entries.subarray(at + 8, at + 12) : read(readUint32(entries, at + 8), bytes);
    const step = type === 3 ? 2 : 4;
    values.set(
      readUint16(entries, at),
      Array.from({ length: count }, (_, index) =>
        type === 3 ? readUint16(source, index * step) : readUint32(source, index * step),
      ),
    );
  }
  const starts = values.get(273) ?? values.get(324) ?? [];
  const lengths = values.get(279) ?? values.get(325) ?? [];
  if (starts.some((start, index) => start + (lengths[index] ?? 0) > sizeBytes)) return truncated;
  const pixels = findTiffPixelFault(values.get(258)?.[0], values.get(259)?.[0]);
  return pixels ?? findSizeFault(values.get(256)?.[0] ?? 0, values.get(257)?.[0] ?? 0);
}
