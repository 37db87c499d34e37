/** An open image, of which as little as possible is read. */
export interface OpenImage {
  readonly sizeBytes: number;
  /** The beginning (4 KiB at most). */
  readonly head: Buffer;
  /** Returns whether the reading budget allows reading the whole file. */
  readonly mayReadWhole: () => boolean;
  /** Reads up to this many bytes from an offset. */
  read(offset: number, bytes: number): Buffer;
}

/**
 * Images outside these limits are dropped silently by Ultralytics. Pillow rejects larger ones as decompression bombs.
 */
const minSidePixels = 10;
const maxPixels = 178_956_970;

/** Returns what is wrong with a size in pixels; a side of 0 is unknown. */
export function findSizeFault(width: number, height: number): string | undefined {
  const size = `This image has ${width}x${height} pixels; YOLO drops`;
  if ([width, height].some((side) => side > 0 && side < minSidePixels)) {
    return `${size} images with a side below ${minSidePixels}.`;
  }
  return width * height > maxPixels
    ? `${size} images over ${Math.floor(maxPixels / 1e6)} million pixels.`
    : undefined;
}

export const damaged = "This image is damaged: YOLO drops it.";
/** Ultralytics' check accepts such images, and the training then fails on them. */
export const undecodable = "This image cannot be decoded, which would abort the training.";
export const truncated = "This image is truncated: its end is missing.";
