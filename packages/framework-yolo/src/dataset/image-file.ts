import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { FileContent } from "@unitrain/core/spec";
import { isBefore, testedVersion } from "../options/version.ts";
import type { ContentHasher } from "./content-hasher.ts";
import { findBoxedFault, findCodestreamFault } from "./image-avif-jpeg2000.ts";
import { findBigTiffFault } from "./image-big-tiff.ts";
import { findJpegFault } from "./image-jpeg.ts";
import { findBmpFault, findTiffFault, findWebpFault } from "./image-kinds.ts";
import { findPngFault } from "./image-png.ts";
import type { OpenImage } from "./open-image.ts";
import { ReadingBudget } from "./reading-budget.ts";
import { getErrorCode } from "./walk.ts";

/** The result of inspecting an image. */
export interface InspectedImage {
  readonly sizeBytes: number;
  /** Equal for files that may be copies of each other. */
  readonly key: number;
  /** What is wrong with the image; absent when nothing is. */
  readonly fault?: string;
  /** Of an image without a fault, where all of it was read. */
  readonly content?: FileContent;
}

/** Inspects the beginning and end of an image without decoding it: its size, and whether it is damaged. */
export function inspectImage(
  file: string,
  budget: ReadingBudget = new ReadingBudget(0),
  version = testedVersion,
  hasher?: ContentHasher,
): InspectedImage {
  let handle: number | undefined;
  try {
    // Prevents waiting forever if a pipe replaces the file.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return inspectHandle({ file, handle, budget, version, hasher });
  } catch (cause) {
    return { sizeBytes: 0, key: 0, fault: `This file cannot be read (${getErrorCode(cause)}).` };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Shared buffer that most images fit into, so that one read is enough. Images are inspected one at a time. */
const sharedBuffer = Buffer.allocUnsafeSlow(64 * 1024);
const headBytes = 4096;

interface OpenedImage {
  readonly file: string;
  readonly handle: number;
  readonly budget: ReadingBudget;
  readonly version: string;
  readonly hasher: ContentHasher | undefined;
}

function inspectHandle({ file, handle, budget, version, hasher }: OpenedImage): InspectedImage {
  const stats = fstatSync(handle, { bigint: true });
  const sizeBytes = Number(stats.size);
  const beginning = sharedBuffer.subarray(0, readSync(handle, sharedBuffer, 0, sharedBuffer.length, 0));
  const read = (offset: number, bytes: number) => {
    const wanted = Math.max(0, Math.min(bytes, sizeBytes - offset));
    if (offset + wanted <= beginning.length) return beginning.subarray(offset, offset + wanted);
    const buffer = Buffer.allocUnsafe(wanted);
    return buffer.subarray(0, readSync(handle, buffer, 0, buffer.length, offset));
  };
  const head = beginning.subarray(0, headBytes);
  const mayReadWhole = () => budget.take(sizeBytes);
  const fault =
    sizeBytes === 0
      ? "This file is empty."
      : (findFault({ sizeBytes, head, mayReadWhole, read }) ?? findVersionFault(head, version));
  const found = { sizeBytes, key: crc32(head, sizeBytes % 2 ** 32) };
  if (fault !== undefined) return { ...found, fault };
  const content = hasher?.hashOpenFile(file, handle, stats, beginning);
  return content === undefined ? found : { ...found, content };
}

/** Returns what is wrong with an image by its content, because YOLO reads a PNG that is named x.jpg. */
function findFault(image: OpenImage): string | undefined {
  const { head } = image;
  const text = head.toString("latin1", 0, 64);
  // Pillow does not skip junk at this position.
  if (/^\xFF\xD8(?:\xFF|$)/.test(text)) return findJpegFault(image);
  if (text.startsWith("\x89PNG\r\n\x1A\n")) return findPngFault(image);
  if (text.startsWith("BM")) return findBmpFault(image);
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return findWebpFault(image);
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return findTiffFault(image);
  if (text.startsWith("II+\0\x08\0")) return findBigTiffFault(image);
  if (isAvif(text) || text.startsWith("\0\0\0\x0CjP  ")) return findBoxedFault(image);
  if (text.startsWith("\xFF\x4F\xFF\x51")) return findCodestreamFault(image);
  if (/^....ftyp(?:heic|heix|hevc|hevx|heim|heis|mif1|msf1)/s.test(text)) {
    return "This is a HEIC image, which YOLO cannot read on the machine: convert it to JPEG or PNG.";
  }
  if (text.startsWith("version https://git-lfs")) {
    return "This is a Git LFS pointer and not the image itself: run `git lfs pull`.";
  }
  if (/^\s*(?:<!doctype|<html|<\?xml)/i.test(text)) return "This is a web page and not an image.";
  const unsupported = unsupportedKinds.find(([begins]) => text.startsWith(begins));
  if (unsupported !== undefined)
    return `This is ${unsupported[1]}, which YOLO does not read: convert it to JPEG or PNG.`;
  if (/^\0+$/.test(text)) return "This file contains only zeros.";
  return "This is not an image that YOLO reads.";
}

/** The first version of Ultralytics that reads AVIF and JPEG 2000; older ones drop such images under any name. */
const firstVersionWithNewerKinds = "8.4.7";

function findVersionFault(head: Buffer, version: string): string | undefined {
  if (!isBefore(version, firstVersionWithNewerKinds)) return undefined;
  const text = head.toString("latin1", 0, 64);
  const kind = isAvif(text) ? "an AVIF" : isJpeg2000(text) ? "a JPEG 2000" : undefined;
  return kind === undefined
    ? undefined
    : `This is ${kind} image, which Ultralytics ${version} does not read: convert it to JPEG or PNG.`;
}

const isAvif = (text: string): boolean => /^....ftyp.*avi[fs]/s.test(text);
const isJpeg2000 = (text: string): boolean =>
  text.startsWith("\0\0\0\x0CjP  ") || text.startsWith("\xFF\x4F\xFF\x51");

/** Kinds of files that occur under the name x.jpg, by their first bytes. */
const unsupportedKinds: readonly (readonly [begins: string, name: string])[] = [
  ["MM\0+\0\x08", "a big-endian BigTIFF"],
  ["GIF8", "a GIF"],
  ["%PDF", "a PDF"],
  ["8BPS", "a Photoshop file"],
  ["P5\n", "a PGM image"],
  ["P6\n", "a PPM image"],
  ["PF\n", "a PFM image"],
  ["Pf\n", "a PFM image"],
  ["\0\0\x01\0", "an icon"],
  ["PK", "a zip archive"],
  ["<svg", "an SVG"],
];
