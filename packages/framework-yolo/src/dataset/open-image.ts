/** An image, open, of which as little as possible is read. */
export interface OpenImage {
  readonly sizeBytes: number;
  /** The beginning (4 KiB at most). */
  readonly head: Buffer;
  /** Whether to read it as a whole, if that tells more. */
  readonly mayReadWhole: () => boolean;
  /** Up to so many bytes from an offset on. */
  read(offset: number, bytes: number): Buffer;
}

/** Sizes that Ultralytics drops without a word: Pillow refuses what it calls a decompression bomb. */
const minSidePixels = 10;
const maxPixels = 178_956_970;

/** What is wrong with these measures; a side that is not known is 0. */
export function findSizeFault(width: number, height: number): string | undefined {
  const size = `This image has ${width}x${height} pixels; YOLO drops`;
  if ([width, height].some((side) => side > 0 && side < minSidePixels)) {
    return `${size} what is below ${minSidePixels}.`;
  }
  return width * height > maxPixels
    ? `${size} what has over ${Math.floor(maxPixels / 1e6)} million.`
    : undefined;
}

export const damaged = "This image is damaged: YOLO drops it.";
/** Ultralytics' look at the images passes it, and then the training stops at it. */
export const undecodable = "This image cannot be decoded: the training would stop at it.";
export const truncated = "This image is cut off: its end is missing.";
