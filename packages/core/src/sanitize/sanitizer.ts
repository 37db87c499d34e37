import { createKnownMasker } from "./known/known-masker.ts";
import { createSecretList, type SecretList } from "./known/secret-list.ts";
import { createLineSanitizer } from "./line-sanitizer.ts";
import { createPassThrough } from "./pass-through.ts";
import { createPatternList } from "./shapes/pattern-list.ts";

/** Chunks up to this size are put together, up to so many bytes. */
const smallChunkBytes = 64;
const smallChunksBytes = 4 * 1024;
const nothing = Buffer.alloc(0);

/** Masks secrets in a stream of bytes. */
export interface Sanitizer {
  /** The masked bytes that can be passed on by now: nothing of a secret, wherever the stream is cut. */
  write(chunk: Uint8Array | string): Buffer;
  /** The rest, when no more will come. An end that may be the beginning of a known secret is masked, unless the text `isWhole`. */
  end(isWhole?: boolean): Buffer;
  /** From the next byte on this value is masked too. False when it is too short or too common to be masked. */
  add(secret: string): boolean;
  /** How many bytes of the stream the bytes passed on stand for. */
  readonly position: number;
}

/** What a sanitizer masks, and how. */
export interface SanitizerOptions {
  /** Values that are masked in all their forms: raw, base64, hex, URL-encoded, escaped, quoted, broken over lines. */
  readonly secrets?: Iterable<string> | SecretList;
  /** What the keys of adapters look like; a match is masked as a whole. */
  readonly patterns?: readonly RegExp[];
  /** Called with each whole line, or a piece of 64 KiB, after known secrets are masked and before patterns are: a plugin's own masking. Must not throw. */
  readonly reshape?: ((text: string) => string) | undefined;
  /** `known secrets` leaves out what only looks like a secret. Default: both. */
  readonly looksFor?: "known secrets" | "all secrets";
  /** The position of the first byte. Default 0. */
  readonly position?: number;
}

/**
 * Creates a sanitizer for one stream: bytes in, masked bytes out. The time is linear in the stream whatever it holds, and at
 * most some 130 KiB and the longest known secret are held back.
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
  const small = Buffer.allocUnsafe(smallChunksBytes);
  let smallBytes = 0;
  const pushSmall = () => {
    if (smallBytes === 0) return;
    known.push(small.subarray(0, smallBytes));
    smallBytes = 0;
  };
  /** Nothing is passed on before a line ends: small chunks are put together until then. True when they have to be looked at. */
  const keepSmall = (bytes: Uint8Array) => {
    let isDue = false;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      small[smallBytes++] = byte;
      if (byte === 0x0a || byte === 0x0d) isDue = true;
    }
    return isDue || smallBytes > smallChunksBytes - smallChunkBytes;
  };
  return {
    write(chunk) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
      offset += bytes.length;
      if (bytes.length <= smallChunkBytes) {
        if (!keepSmall(bytes)) return nothing;
        pushSmall();
      } else {
        pushSmall();
        known.push(bytes);
      }
      return lines.take();
    },
    end(isWhole = false) {
      pushSmall();
      known.end(!isWhole);
      lines.end(offset);
      return lines.take();
    },
    add(secret) {
      pushSmall();
      return list.add(secret);
    },
    get position() {
      return lines.position;
    },
  };
}

function isSecretList(secrets: Iterable<string> | SecretList): secrets is SecretList {
  return "automaton" in secrets;
}
