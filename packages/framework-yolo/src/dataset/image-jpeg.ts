import { findSizeFault, type OpenImage, truncated, undecodable } from "./open-image.ts";

const endOfImage = Buffer.from([0xff, 0xd9]);
const tailBytes = 64 * 1024;
const junkBytes = 64 * 1024;

/** Checks a JPEG: reads the headers up to the pixels, and searches the end marker after them. */
export function findJpegFault(image: OpenImage): string | undefined {
  const header = readHeader(image);
  if (header === undefined) return truncated;
  if (header === "second start") return undecodable;
  const last = image.read(image.sizeBytes - 2, 2);
  // Phones append data after the end marker, even whole videos, so the fast checks run first and the full search last.
  const isComplete =
    last.equals(endOfImage) ||
    hasEndMark(image, Math.max(header.pixelsAt, image.sizeBytes - tailBytes)) ||
    hasEndMark(image, header.pixelsAt);
  return isComplete ? findSizeFault(header.width, header.height) : truncated;
}

/** A thumbnail before the pixels may have its own end marker; pixel data cannot contain one. */
const hasEndMark = (image: OpenImage, offset: number): boolean =>
  image.read(offset, image.sizeBytes - offset).includes(endOfImage);

interface Header {
  readonly width: number;
  readonly height: number;
  readonly pixelsAt: number;
}

/** Reads the header; undefined when the file ends before the pixels. */
function readHeader(image: OpenImage): Header | "second start" | undefined {
  let width = 0;
  let height = 0;
  let offset = 2;
  while (offset + 4 <= image.sizeBytes) {
    const segment = readBytes(image, offset, 9);
    // Skips junk between segments, as libjpeg does.
    if (segment[0] !== 0xff) {
      const next = image.read(offset, junkBytes).indexOf(0xff);
      offset += next === -1 ? junkBytes : next;
      continue;
    }
    const marker = segment[1] ?? 0;
    // Fill bytes and markers without a length.
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    if (marker === 0xd8) return "second start";
    if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      offset += 2;
      continue;
    }
    const length = segment.readUInt16BE(2);
    if (isFrame(marker) && segment.length >= 9) {
      height = segment.readUInt16BE(5);
      width = segment.readUInt16BE(7);
    }
    offset += 2 + length;
    if (marker === 0xda) return { width, height, pixelsAt: Math.min(offset, image.sizeBytes) };
  }
  return undefined;
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const readBytes = (image: OpenImage, offset: number, bytes: number): Buffer =>
  offset + bytes <= image.head.length
    ? image.head.subarray(offset, offset + bytes)
    : image.read(offset, bytes);
