import { isUtf8 } from "node:buffer";
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import type { FileContent } from "@unitrain/core/spec";
import type { ContentHasher } from "./content-hasher.ts";
import { getErrorCode } from "./walk.ts";

/** Larger files with a label's name are not labels. */
const maxLabelBytes = 32 * 1024 * 1024;

/** A label as it was read. */
interface LabelText {
  readonly text: string;
  readonly sizeBytes: number;
  readonly content: FileContent | undefined;
}

/** Reads a label; undefined, and `report` is told why, when it cannot be read as one. */
export function readLabelText(
  file: string,
  report: (fault: string) => void,
  hasher?: ContentHasher,
): LabelText | undefined {
  const fail = (message: string) => {
    report(message);
    return undefined;
  };
  try {
    const small = readSmall(file);
    const bytes = small?.bytes ?? readLarge(file);
    if (bytes === undefined) return fail("This is too large to be a label.");
    if (!isUtf8(bytes))
      return fail("This label is not UTF-8 text, so YOLO would drop its image: save it as UTF-8.");
    const content = small === undefined ? undefined : hasher?.hashBytes(file, small.stats, bytes);
    return { text: bytes.toString("utf8"), sizeBytes: bytes.length, content };
  } catch (cause) {
    return fail(`This label cannot be read (${getErrorCode(cause)}).`);
  }
}

/** Shared buffer that nearly all labels fit into, so that one read is enough where `readFile` makes three calls. */
const smallFileBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Returns undefined for a larger file. */
function readSmall(file: string): { readonly bytes: Buffer; readonly stats: BigIntStats } | undefined {
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(handle, { bigint: true });
    const count = readSync(handle, smallFileBuffer, 0, smallFileBuffer.length, 0);
    return count < smallFileBuffer.length ? { bytes: smallFileBuffer.subarray(0, count), stats } : undefined;
  } finally {
    closeSync(handle);
  }
}

const readLarge = (file: string): Buffer | undefined =>
  statSync(file).size > maxLabelBytes ? undefined : readFileSync(file);
