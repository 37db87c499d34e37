import { findSizeFault, type OpenImage, truncated } from "./open-image.ts";

/**
 * Checks an AVIF or JPEG 2000 file, which consists of boxes with a length, a name and content: that all boxes are
 * complete.
 */
export function findBoxedFault(image: OpenImage): string | undefined {
  let offset = 0;
  let hasPixels = false;
  while (offset < image.sizeBytes) {
    const header = image.read(offset, 16);
    const name = header.toString("latin1", 4, 8);
    // Bytes after the last box are ignored.
    if (hasPixels && !/^[a-z0-9 ]{4}$/i.test(name)) break;
    if (header.length < 8) return truncated;
    const length = header.readUInt32BE(0);
    // 0: to the end of the file; 1: the length follows in 64 bits.
    const bytes =
      length === 0
        ? image.sizeBytes - offset
        : length === 1 && header.length === 16
          ? Number(header.readBigUInt64BE(8))
          : length;
    if (bytes < 8 || offset + bytes > image.sizeBytes) return truncated;
    if (length === 0 && name === "jp2c" && !hasCodestreamEnd(image)) return truncated;
    hasPixels ||= name === "jp2c" || name === "mdat";
    offset += bytes;
  }
  if (!hasPixels) return truncated;
  const { width, height } = readDimensions(image.head);
  return findSizeFault(width, height);
}

/** Checks a JPEG 2000 codestream without boxes. */
export function findCodestreamFault(image: OpenImage): string | undefined {
  if (image.head.length < 24 || !hasCodestreamEnd(image)) return truncated;
  const { head } = image;
  return findSizeFault(
    head.readUInt32BE(8) - head.readUInt32BE(16),
    head.readUInt32BE(12) - head.readUInt32BE(20),
  );
}

/** Pixel data cannot contain the end marker, but other bytes may follow it. */
const hasCodestreamEnd = (image: OpenImage): boolean =>
  image.read(Math.max(0, image.sizeBytes - 64 * 1024), 64 * 1024).includes(Buffer.from([0xff, 0xd9]));

/** Reads width and height near the beginning of the file; 0 when they are not found. */
function readDimensions(head: Buffer): { readonly width: number; readonly height: number } {
  const jpeg2000 = head.indexOf("ihdr", 0, "latin1");
  if (jpeg2000 !== -1 && jpeg2000 + 12 <= head.length) {
    return { height: head.readUInt32BE(jpeg2000 + 4), width: head.readUInt32BE(jpeg2000 + 8) };
  }
  const avif = head.indexOf("ispe", 0, "latin1");
  if (avif !== -1 && avif + 16 <= head.length) {
    return { width: head.readUInt32BE(avif + 8), height: head.readUInt32BE(avif + 12) };
  }
  return { width: 0, height: 0 };
}
