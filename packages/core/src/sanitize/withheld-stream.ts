import type { Sanitizer } from "./sanitizer.ts";

const nothing = Buffer.alloc(0);

/**
 * Creates a stand-in for a sanitizer that passes nothing on, because the stream may contain secrets whose values this process does not
 * have. Its position is that of the bytes it was given.
 */
export function createWithheldStream(firstPosition: number): Sanitizer {
  let position = firstPosition;
  return {
    write(chunk) {
      position += Buffer.byteLength(chunk);
      return nothing;
    },
    end: () => nothing,
    add: () => false,
    get position() {
      return position;
    },
  };
}
