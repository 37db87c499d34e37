import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
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
    if (statSync(file).size > largestLabelBytes) return wrong("This is too large to be a label.");
    const bytes = readFileSync(file);
    if (!isUtf8(bytes))
      return wrong("This label is not UTF-8 text, and YOLO would drop its picture: save it as UTF-8.");
    return { text: bytes.toString("utf8"), sizeBytes: bytes.length };
  } catch (cause) {
    return wrong(`This label cannot be read (${codeOf(cause)}).`);
  }
}
