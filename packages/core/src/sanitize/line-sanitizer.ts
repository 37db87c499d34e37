import { isUtf8 } from "node:buffer";
import { createByteQueue } from "./byte-queue.ts";
import { mask } from "./patterns.ts";
import { maskLine, privateKeyBit, triggers } from "./shapes/mask-line.ts";
import { findPrivateKeyEnd, isKeyMaterial, longestKeyBytes, opensPrivateKey } from "./shapes/private-keys.ts";

/** A line that is longer is passed on in pieces of about this size. */
const longestPieceBytes = 64 * 1024;

/** So much of an unterminated line stays back when it is cut, for a secret that goes on. */
const heldBackBytes = 8 * 1024;

/** So much of what is passed on of an unterminated line is read again as the beginning of the next piece. */
const contextBytes = 256;

const newline = 0x0a;
const carriageReturn = 0x0d;
const maskBytes = Buffer.from(mask);
const nothing = Buffer.alloc(0);

/** What is done with a line, or with a piece of one that is too long, beside the patterns. */
export interface LineRules {
  /** A plugin's `sanitize`. Undefined without a plugin: then nothing is decoded that needs no closer look. */
  readonly reshape?: ((text: string) => string) | undefined;
  /** What the keys of adapters look like, global. */
  readonly patterns: readonly RegExp[];
}

/** Masks in lines what looks like a secret; the bytes of other lines are passed on as they are. */
export interface LineSanitizer {
  /** `raw`: the position in the stream, before anything was masked, of the first byte. */
  append(source: Uint8Array, from: number, to: number, raw: number): void;
  appendMask(): void;
  /** What is masked by now. */
  take(): Buffer;
  /** `raw`: where the stream ends. */
  end(raw: number): void;
  /** The position in the stream up to which it has been passed on. */
  readonly raw: number;
}

export function createLineSanitizer(rules: LineRules, firstRaw: number): LineSanitizer {
  const line = createByteQueue();
  const out = createByteQueue();
  const places = createPlaces(firstRaw);
  let raw = firstRaw;
  let read = 0;
  let state = 0;
  let found = 0;
  let context = "";
  /** Lines of a private key that has not ended, and how many bytes they have. */
  let key: { readonly lines: Buffer[]; bytes: number } | undefined;
  const isAlwaysRead = rules.reshape !== undefined || rules.patterns.length > 0;

  const emit = (bytes: Buffer) => {
    if (found === 0 && !isAlwaysRead) return out.append(bytes, 0, bytes.length);
    const encoding = rules.reshape !== undefined && isUtf8(bytes) ? "utf8" : "latin1";
    const text = bytes.toString(encoding);
    const reshaped = rules.reshape?.(text) ?? text;
    const whole = maskLine(context + reshaped, found, rules.patterns);
    const masked = context === "" ? whole : whole.slice(maskLine(context, found, rules.patterns).length);
    if (masked === text) out.append(bytes, 0, bytes.length);
    else {
      const changed = Buffer.from(masked, encoding);
      out.append(changed, 0, changed.length);
    }
  };

  const endKey = (until: number | undefined) => {
    const lines = key?.lines ?? [];
    key = undefined;
    const text = Buffer.concat(lines).toString("latin1");
    const from = text.search(/-----BEGIN |PuTTY-User-Key-File/);
    const lineEnd = text.length - text.trimEnd().length;
    const rest = until === undefined ? text.slice(text.length - lineEnd) : text.slice(until);
    const changed = Buffer.from(maskLine(text.slice(0, Math.max(0, from)), found) + mask + rest, "latin1");
    out.append(changed, 0, changed.length);
  };

  /** Takes a line, or a piece of one, that needs a closer look: the first `count` bytes that wait. */
  const passLine = (count: number) => {
    const bytes = line.bytes.subarray(line.start, line.start + count);
    if (key === undefined) passPlain(bytes);
    else {
      const text = bytes.toString("latin1");
      const end = findPrivateKeyEnd(text);
      if (end !== -1 || (isKeyMaterial(text) && key.bytes + count <= longestKeyBytes)) {
        const before = key.bytes;
        key.lines.push(Buffer.from(bytes));
        key.bytes += count;
        if (end !== -1) endKey(before + end);
      } else {
        endKey(undefined);
        passPlain(bytes);
      }
    }
    drop(count);
  };

  const drop = (count: number) => {
    line.drop(count);
    places.advance(count);
    if (key === undefined) raw = places.raw();
  };

  const passPlain = (bytes: Buffer) => {
    if ((found & privateKeyBit) !== 0 && opensPrivateKey(bytes.toString("latin1"))) {
      key = { lines: [Buffer.from(bytes)], bytes: bytes.length };
    } else emit(bytes);
  };

  /** Passes on lines that hold nothing to look at: the bytes that wait up to `until`. */
  const passClean = (until: number) => {
    const count = until - line.start;
    if (count === 0) return;
    out.append(line.bytes, line.start, until);
    drop(count);
  };

  const readLines = () => {
    const { table, firstHit, hits } = triggers;
    let { bytes, end } = line;
    let lineStart = line.start;
    let at = lineStart + read;
    // Kept in local variables: this loop is half of the time that masking takes.
    let current = state;
    let words = found;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      // Whether a carriage return ends a line is known one byte later.
      const isAfterReturn = byte !== newline && at > lineStart && bytes[at - 1] === carriageReturn;
      if (!isAfterReturn) {
        current = table[(current << 8) | byte] ?? 0;
        if (current >= firstHit) words |= hits[current] ?? 0;
        at += 1;
        if (byte !== newline && at - lineStart < longestPieceBytes) continue;
      }
      const isEnd = byte === newline || isAfterReturn;
      if (isEnd && words === 0 && !isAlwaysRead && key === undefined && context === "") {
        lineStart = at;
        current = 0;
        continue;
      }
      passClean(lineStart);
      found = words;
      if (isEnd) {
        passLine(at - lineStart);
        words = 0;
        current = 0;
        context = "";
      } else cutLine();
      ({ bytes, end } = line);
      if (isEnd) at = line.start;
      lineStart = line.start;
    }
    passClean(lineStart);
    read = line.end - line.start;
    state = current;
    found = words;
  };

  const cutLine = () => {
    const bytes = line.bytes.subarray(line.start, line.start + longestPieceBytes);
    const cut = findCut(bytes);
    const piece = bytes.toString("latin1", Math.max(0, cut - contextBytes), cut);
    passLine(cut);
    context = piece;
  };

  return {
    append(source, from, to, at) {
      places.add(line.end - line.start, at);
      line.append(source, from, to);
      readLines();
    },
    appendMask() {
      places.add(line.end - line.start, undefined);
      line.append(maskBytes, 0, maskBytes.length);
      readLines();
    },
    take() {
      if (out.start === out.end) return nothing;
      const bytes = Buffer.from(out.bytes.subarray(out.start, out.end));
      out.drop(bytes.length);
      return bytes;
    },
    end(at) {
      if (line.end > line.start) passLine(line.end - line.start);
      if (key !== undefined) endKey(undefined);
      raw = at;
    },
    get raw() {
      return raw;
    },
  };
}

/** Where an unterminated line is cut: at a blank near its end if there is one, and between characters. */
function findCut(bytes: Buffer): number {
  let cut = bytes.length - heldBackBytes;
  const blank = bytes.lastIndexOf(0x20, cut - 1);
  if (blank > cut - heldBackBytes) cut = blank;
  while (cut > 0 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return cut;
}

/** The positions in the stream of the bytes that wait in a line: masks are longer or shorter than what they stand for. */
function createPlaces(first: number) {
  let parts: { at: number; raw: number | undefined }[] = [{ at: 0, raw: first }];
  return {
    /** Bytes from `at` on are at `raw` in the stream; undefined for a mask. */
    add(at: number, raw: number | undefined) {
      const last = parts.at(-1);
      if (last !== undefined && last.raw !== undefined && raw === last.raw + at - last.at) return;
      if (last?.at === at) parts.pop();
      parts.push({ at, raw });
    },
    advance(count: number) {
      let kept = 0;
      while (kept + 1 < parts.length && (parts[kept + 1]?.at ?? 0) <= count) kept += 1;
      if (kept > 0) parts = parts.slice(kept);
      for (const [index, part] of parts.entries()) {
        const at = part.at - count;
        parts[index] =
          index === 0 && at < 0 ? { at: 0, raw: part.raw === undefined ? undefined : part.raw - at } : { at, raw: part.raw };
      }
    },
    /** Of the first byte that waits. Behind a mask whose end has not been read: where the mask began would be a guess, so the byte after it counts when it comes. */
    raw: () => parts[0]?.raw ?? 0,
  };
}
