import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { jpegFault } from "./image-jpeg.ts";
import { bmpFault, pngFault, tiffFault, webpFault } from "./image-kinds.ts";
import { codeOf } from "./walk.ts";

/** A picture, open, of which as little as possible is read. */
export interface OpenImage {
  readonly sizeBytes: number;
  /** The beginning (4 KiB at most). */
  readonly head: Buffer;
  /** Up to so many bytes from an offset on. */
  read(offset: number, bytes: number): Buffer;
}

/** Sizes that Ultralytics drops without a word. */
const smallestSide = 10;

/** Opens a picture and looks at its beginning and end: its size, and what is wrong with it, if anything. Decodes nothing. */
export function inspectImage(file: string): { readonly sizeBytes: number; readonly fault?: string } {
  let handle: number | undefined;
  try {
    // A pipe would otherwise be waited for, should one take the file's place.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return inspectOpen(handle);
  } catch (cause) {
    return { sizeBytes: 0, fault: `This file cannot be read (${codeOf(cause)}).` };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function inspectOpen(handle: number): { readonly sizeBytes: number; readonly fault?: string } {
  const sizeBytes = fstatSync(handle).size;
  const read = (offset: number, bytes: number) => {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(bytes, sizeBytes - offset)));
    return buffer.subarray(0, readSync(handle, buffer, 0, buffer.length, offset));
  };
  const fault = sizeBytes === 0 ? "This file is empty." : faultOf({ sizeBytes, head: read(0, 4096), read });
  return fault === undefined ? { sizeBytes } : { sizeBytes, fault };
}

/** By content and not by name: YOLO reads a PNG that is called x.jpg. */
function faultOf(image: OpenImage): string | undefined {
  const { head } = image;
  const text = head.toString("latin1", 0, 64);
  if (text.startsWith("\xFF\xD8")) return jpegFault(image);
  if (text.startsWith("\x89PNG\r\n\x1A\n")) return pngFault(image);
  if (text.startsWith("BM")) return bmpFault(image);
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return webpFault(image);
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return tiffFault(image);
  if (
    /^....ftyp(?:avif|avis|mif1)/s.test(text) ||
    text.startsWith("\0\0\0\x0CjP  ") ||
    /^P[Ff]\s/.test(text)
  ) {
    return undefined;
  }
  if (/^....ftyp(?:heic|heix|hevc|msf1)/s.test(text)) return "This is a HEIC picture: make it a JPEG or PNG.";
  if (text.startsWith("version https://git-lfs")) {
    return "This is a Git LFS pointer and not the picture itself: run `git lfs pull`.";
  }
  if (/^\s*(?:<!doctype|<html|<\?xml)/i.test(text)) return "This is a web page and not a picture.";
  if (/^\0+$/.test(text)) return "This file holds zeros and no picture.";
  return "This is no picture that YOLO reads.";
}

/** What is wrong with these measures; a side that is not known is 0. */
export function sizeFault(width: number, height: number): string | undefined {
  const known = [width, height].filter((side) => side > 0);
  if (known.every((side) => side >= smallestSide)) return undefined;
  return `This picture has ${width}x${height} pixels; YOLO drops what is below ${smallestSide}.`;
}

export const cutOff = "This picture is cut off: its end is missing.";
