import { cutOff, type OpenImage, sizeFault } from "./open-image.ts";

export function bmpFault({ head, sizeBytes }: OpenImage): string | undefined {
  if (head.length < 34) return cutOff;
  const pixelsAt = head.readUInt32LE(10);
  const isOld = head.readUInt32LE(14) === 12;
  const width = isOld ? head.readUInt16LE(18) : Math.abs(head.readInt32LE(18));
  const height = isOld ? head.readUInt16LE(20) : Math.abs(head.readInt32LE(22));
  const bitsPerPixel = head.readUInt16LE(isOld ? 24 : 28);
  // The size of the file that the header states is wrong in many files; nobody looks at it.
  const compression = isOld ? 0 : head.readUInt32LE(30);
  const isPlain = compression === 0 || compression === 3;
  const bytes = isPlain ? Math.ceil((width * bitsPerPixel) / 32) * 4 * height : 1;
  return sizeFault(width, height) ?? (pixelsAt + bytes > sizeBytes ? cutOff : undefined);
}

export function webpFault({ head, sizeBytes }: OpenImage): string | undefined {
  if (head.length < 30 || head.readUInt32LE(4) + 8 > sizeBytes) return cutOff;
  switch (head.toString("latin1", 12, 16)) {
    case "VP8X":
      return sizeFault(head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1);
    case "VP8L": {
      const bits = head.readUInt32LE(21);
      return sizeFault((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    default:
      return sizeFault(head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff);
  }
}

/** TIFF's compressions that OpenCV, as it is packaged for Python, is built without. Pillow opens such files. */
const undecodable: ReadonlyMap<number, string> = new Map([
  [34925, "LZMA"],
  [50000, "Zstandard"],
  [50001, "WebP"],
]);

/** Why the pixels of a TIFF cannot be decoded, by its tags 258 and 259, although its file is whole. */
export function tiffPixelsFault(bitsPerSample = 8, compression = 1): string | undefined {
  const method = undecodable.get(compression);
  const is =
    method !== undefined
      ? `compressed by ${method}`
      : bitsPerSample > 16
        ? `of ${bitsPerSample} bits a sample`
        : undefined;
  return is === undefined
    ? undefined
    : `This is a TIFF ${is}, at which the training would stop: make it a PNG or JPEG.`;
}

/** Bytes of a value by its TIFF type. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Looks whether the first directory, and what it points to, lies within the file. */
export function tiffFault({ head, sizeBytes, read }: OpenImage): string | undefined {
  const little = head[0] === 0x49;
  const short = (bytes: Buffer, at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  if (head.length < 8) return cutOff;
  const directory = long(head, 4);
  const counted = read(directory, 2);
  if (counted.length < 2) return cutOff;
  const entries = read(directory + 2, short(counted, 0) * 12);
  if (entries.length < short(counted, 0) * 12) return cutOff;
  const values = new Map<number, readonly number[]>();
  for (let at = 0; at < entries.length; at += 12) {
    const type = short(entries, at + 2);
    const count = long(entries, at + 4);
    const bytes = (typeBytes[type] ?? 0) * count;
    const inline = bytes <= 4;
    if (!inline && long(entries, at + 8) + bytes > sizeBytes) return cutOff;
    if ((type !== 3 && type !== 4) || count > 100_000) continue;
    const source = inline ? entries.subarray(at + 8, at + 12) : read(long(entries, at + 8), bytes);
    const step = type === 3 ? 2 : 4;
    values.set(
      short(entries, at),
      Array.from({ length: count }, (_, index) =>
        type === 3 ? short(source, index * step) : long(source, index * step),
      ),
    );
  }
  const starts = values.get(273) ?? values.get(324) ?? [];
  const lengths = values.get(279) ?? values.get(325) ?? [];
  if (starts.some((start, index) => start + (lengths[index] ?? 0) > sizeBytes)) return cutOff;
  const pixels = tiffPixelsFault(values.get(258)?.[0], values.get(259)?.[0]);
  return pixels ?? sizeFault(values.get(256)?.[0] ?? 0, values.get(257)?.[0] ?? 0);
}
