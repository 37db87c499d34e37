import { isUtf8 } from "node:buffer";

/**
 * Decodes UTF-8 or UTF-16, with or without a byte order mark, and otherwise Windows-1252, which older Windows editors
 * write.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder(isUtf8(bytes) ? "utf-8" : "windows-1252").decode(bytes);
}
