import type { FoundImage, ImageList } from "./image-list.ts";

/** Returns the images' indexes sorted by path; undefined when they are already sorted. */
export function getSortedOrder(
  images: ImageList,
  getPath: (image: FoundImage) => string,
): Uint32Array | undefined {
  if (isSorted(images, getPath)) return undefined;
  const paths = Array.from(images, getPath);
  return Uint32Array.from(paths.keys()).sort((a, b) => compare(paths[a] ?? "", paths[b] ?? ""));
}

function isSorted(images: ImageList, getPath: (image: FoundImage) => string): boolean {
  let last = "";
  for (const image of images) {
    const path = getPath(image);
    if (path < last) return false;
    last = path;
  }
  return true;
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
