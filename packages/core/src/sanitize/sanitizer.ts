import { createKnownMasker } from "./known/known-masker.ts";
import { createSecretList, type SecretList } from "./known/secret-list.ts";
import { createLineSanitizer } from "./line-sanitizer.ts";
import { createPassThrough } from "./pass-through.ts";
import { createPatternList } from "./shapes/pattern-list.ts";

/** Chunks up to this size are collected before they are processed. */
const smallChunkBytes = 64;
/** The size of the buffer for small chunks. */
const smallChunksBytes = 4 * 1024;
const nothing = Buffer.alloc(0);
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Masks secrets in a stream of bytes. */
export interface Sanitizer {
  /** Returns the masked bytes that can be passed on so far. They contain no part of a secret, wherever the stream is split. */
  write(chunk: Uint8Array | string): Buffer;
  /** Ends the stream and returns the remaining bytes. If they may be the beginning of a known secret, they are masked, unless the text `isComplete`. */
  end(isComplete?: boolean): Buffer;
  /** Masks this value too, from the next byte on. Returns false if it is too short or too common to be masked. */
  add(secret: string): boolean;
  /** The position in the original stream up to which bytes have been passed on. */
  readonly position: number;
}

/** What a sanitizer masks, and how. */
export interface SanitizerOptions {
  /** Values that are masked in all their forms: raw, base64, hex, URL-encoded, escaped, quoted, broken over lines. */
  readonly secrets?: Iterable<string> | SecretList;
  /** The patterns of adapters' keys. A match is masked as a whole. */
  readonly patterns?: readonly RegExp[];
  /**
   * A plugin's own masking. It is called with each complete line, or with pieces of 64 KiB of a longer one, after known secrets
   * are masked and before patterns are. It must not throw.
   */
  readonly reshape?: ((text: string) => string) | undefined;
  /** `known secrets` does not mask what only looks like a secret. Default: `all secrets`. */
  readonly looksFor?: "known secrets" | "all secrets";
  /** The position of the first byte. Default 0. */
  readonly position?: number;
}

/**
 * Creates a sanitizer for one stream: bytes in, masked bytes out. It takes linear time whatever the stream contains, and holds
 * back the last line, up to 64 KiB of a line without an end, private keys up to 64 KiB, and the longest known secret.
 *
 * A secret of 32 characters takes about 40 KB of memory: 10 to 64 forms in which programs print it, together 20 to 100 times as
 * long as the secret, with at most 60 bytes for each of their bytes. Only the first 16,384 characters of a value are masked.
 *
 * @example
 * ```ts
 * import { createSanitizer } from "@unitrain/core";
 *
 * const sanitizer = createSanitizer({ secrets: ["correct-horse-battery"] });
 * process.stdout.write(sanitizer.write("key: correct-horse-"));
 * process.stdout.write(sanitizer.write("battery\n")); // key: [redacted]
 * process.stdout.write(sanitizer.end());
 * ```
 */
export function createSanitizer({
  secrets = [],
  patterns = [],
  reshape,
  looksFor = "all secrets",
  position = 0,
}: SanitizerOptions = {}): Sanitizer {
  const list = isSecretList(secrets) ? secrets : createSecretList();
  if (!isSecretList(secrets)) for (const secret of secrets) list.add(secret);
  const lines =
    looksFor === "all secrets"
      ? createLineSanitizer({ reshape, patterns: createPatternList(patterns) }, position)
      : createPassThrough(position);
  let offset = position;
  const known = createKnownMasker(list, {
    append: (source, from, to, at) => lines.append(source, from, to, at + position),
    appendMask: (at) => lines.appendMask(at + position),
  });
  // Small chunks are collected, because nothing is passed on before a line ends.
  const small = Buffer.allocUnsafe(smallChunksBytes);
  let smallBytes = 0;
  const pushSmall = () => {
    if (smallBytes === 0) return;
    known.push(small.subarray(0, smallBytes));
    smallBytes = 0;
  };
  /** Whether the last collected byte is a carriage return. Only the next byte tells whether it ends the line. */
  let endsWithReturn = false;
  return {
    write(chunk) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
      const { length } = bytes;
      offset += length;
      if (length > smallChunkBytes) {
        pushSmall();
        known.push(bytes);
        endsWithReturn = bytes[length - 1] === carriageReturn;
        return lines.take();
      }
      let isDue = false;
      for (let at = 0; at < length; at += 1) {
        const byte = bytes[at] ?? 0;
        small[smallBytes++] = byte;
        if (byte === newline || endsWithReturn) isDue = true;
        endsWithReturn = byte === carriageReturn;
      }
      if (!isDue && smallBytes <= smallChunksBytes - smallChunkBytes) return nothing;
      pushSmall();
      return lines.take();
    },
    end(isComplete = false) {
      pushSmall();
      known.end(!isComplete);
      lines.end(offset);
      return lines.take();
    },
    add: (secret) => list.add(secret),
    get position() {
      return lines.position;
    },
  };
}

function isSecretList(secrets: Iterable<string> | SecretList): secrets is SecretList {
  return "automaton" in secrets;
}
