import { isUtf8 } from "node:buffer";
import { closeSync, constants, openSync, readFileSync, readSync, statSync } from "node:fs";
import { codeOf } from "./walk.ts";

/** A label is text of some lines; what is larger is another file with that name. */
const largestLabelBytes = 32 * 1024 * 1024;

/** The text of a label, and how many bytes it has; undefined (and `tell` is told why) when it cannot be read as one. */
export function readLabelText(
  file: string,
  tell: (fault: string) => void,
): { readonly text: string; readonly sizeBytes: number } | undefined {
  const wrong = (message: string) => {
    tell(message);
    return undefined;
  };
  try {
    const bytes = readSmall(file) ?? readLarge(file);
    if (bytes === undefined) return wrong("This is too large to be a label.");
    if (!isUtf8(bytes))
      return wrong("This label is not UTF-8 text, and YOLO would drop its image: save it as UTF-8.");
    return { text: bytes.toString("utf8"), sizeBytes: bytes.length };
  } catch (cause) {
    return wrong(`This label cannot be read (${codeOf(cause)}).`);
  }
}

/** Nearly all labels fit: one read into it, where `readFile` makes three calls. */
const small = Buffer.allocUnsafeSlow(64 * 1024);

/** Undefined for a file that is not read whole by that. */
function readSmall(file: string): Buffer | undefined {
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const count = readSync(handle, small, 0, small.length, 0);
    return count < small.length ? small.subarray(0, count) : undefined;
  } finally {
    closeSync(handle);
  }
}

const readLarge = (file: string): Buffer | undefined =>
  statSync(file).size > largestLabelBytes ? undefined : readFileSync(file);
