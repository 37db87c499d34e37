import { closeSync, constants, openSync, readSync } from "node:fs";
import { extname } from "node:path";

/** Suffixes that Ultralytics reads, in lower or upper case. */
const imageSuffixes: ReadonlySet<string> = createSuffixSet(
  "avif bmp dng heic heif jp2 jpeg jpg mpo png tif tiff webp",
);

/** Suffixes of images that Ultralytics ignores silently. */
const overlookedSuffixes: ReadonlySet<string> = createSuffixSet("gif jfif jpe pbm pfm pgm ppm svg tga");

/** Suffixes of other files, whose content need not be inspected. */
const nonImageSuffixes: ReadonlySet<string> = createSuffixSet(
  "cache csv json md mp4 npy npz parquet pickle pkl py txt xml yaml yml zip",
);

function createSuffixSet(names: string): ReadonlySet<string> {
  return new Set(names.split(" ").map((name) => `.${name}`));
}

export const isImageName = (name: string): boolean => imageSuffixes.has(extname(name).toLowerCase());

/** Returns why Ultralytics ignores a file that is an image; undefined for other files. */
export function findOverlookedFault(path: string, file: string): string | undefined {
  const suffix = extname(path);
  if (overlookedSuffixes.has(suffix.toLowerCase())) {
    return `YOLO ignores ${suffix} files: convert it to .jpg or .png.`;
  }
  if (nonImageSuffixes.has(suffix.toLowerCase()) || !beginsLikeImage(file)) return undefined;
  return suffix === ""
    ? "YOLO ignores this image: its name has no suffix."
    : `YOLO ignores this image: it does not know the suffix ${suffix}.`;
}

function beginsLikeImage(file: string): boolean {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const head = Buffer.alloc(12);
    const text = head.toString("latin1", 0, readSync(handle, head, 0, head.length, 0));
    return /^(?:\xFF\xD8\xFF|\x89PNG|II\*\0|MM\0\*|GIF8|RIFF....WEBP|....ftypavif)/s.test(text);
  } catch {
    return false;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
