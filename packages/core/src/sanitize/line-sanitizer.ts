import { isUtf8 } from "node:buffer";
import { createByteQueue, takeAll } from "./byte-queue.ts";
import { gramBytes, hashGram } from "./grams.ts";
import { mask } from "./mask.ts";
import { findTriggers, getTriggers, maskLine, privateKeyBit } from "./shapes/mask-line.ts";
import type { PatternList } from "./shapes/pattern-list.ts";
import { findPrivateKeyEnd, isKeyMaterial, longestKeyBytes, opensPrivateKey } from "./shapes/private-keys.ts";
import { foldCase } from "./shapes/triggers.ts";
import { createPlaces } from "./stream-places.ts";

/** A line that is longer is passed on in pieces of about this size. */
const longestPieceBytes = 64 * 1024;

/** So much of an unterminated line stays back when it is cut, for a secret that goes on. */
const heldBackBytes = 8 * 1024;

/** So much of what is passed on of an unterminated line is read again as the beginning of the next piece. */
const contextBytes = 256;

const newline = 0x0a;
const carriageReturn = 0x0d;
const maskBytes = Buffer.from(mask);

/** What is done with a line, or with a piece of one that is too long, beside the patterns. */
export interface LineRules {
  /** A plugin's `sanitize`. Undefined without a plugin: then nothing is decoded that needs no closer look. */
  readonly reshape?: ((text: string) => string) | undefined;
  readonly patterns: PatternList;
}

/** Masks in lines what looks like a secret; the bytes of other lines are passed on as they are. */
export interface LineSanitizer {
  /** `position` is that of the first byte in the stream, before anything was masked. */
  append(source: Uint8Array, from: number, to: number, position: number): void;
  /** `position`: where what is masked begins. */
  appendMask(position: number): void;
  /** What is masked by now. */
  take(): Buffer;
  /** `position`: where the stream ends. */
  end(position: number): void;
  /** The position in the stream up to which it has been passed on. */
  readonly position: number;
}

export function createLineSanitizer(rules: LineRules, firstPosition: number): LineSanitizer {
  const line = createByteQueue();
  const out = createByteQueue();
  const places = createPlaces(firstPosition);
  let position = firstPosition;
  let read = 0;
  let state = 0;
  let found = 0;
  let context = "";
  /** Lines of a private key that has not ended, and how many bytes they have. */
  let key: { readonly lines: Buffer[]; bytes: number } | undefined;
  /** Whether each line is looked at: by a plugin, or because a key of an adapter may be there. */
  let isRead = false;

  const emit = (bytes: Buffer) => {
    if (found === 0 && !isRead) return out.append(bytes, 0, bytes.length);
    const encoding = rules.reshape !== undefined && isUtf8(bytes) ? "utf8" : "latin1";
    const text = bytes.toString(encoding);
    const reshaped = rules.reshape?.(text) ?? text;
    const words = reshaped === text ? found : findTriggers(context + reshaped);
    const masked = maskLine(context + reshaped, words, rules.patterns.patterns, context.length);
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
    if (key === undefined) position = places.first();
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
    const { table, firstHit, hits, grams } = getTriggers();
    isRead ||=
      rules.reshape !== undefined || rules.patterns.mayMatch(line.bytes, line.start + read, line.end);
    let { bytes, end } = line;
    let lineStart = line.start;
    let at = lineStart + read;
    // Kept in local variables: this loop is half of the time that masking takes.
    let current = state;
    let words = found;
    while (at < end) {
      if (current === 0 && at > lineStart && bytes[at - 1] !== carriageReturn) {
        // To the next line end, or to where a word may begin.
        let gram = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0) | ((foldCase << 8) | foldCase);
        const last = Math.min(end, lineStart + longestPieceBytes) - gramBytes;
        for (; at <= last; at += 1) {
          const first = bytes[at] ?? 0;
          gram = ((gram << 8) | (bytes[at + gramBytes - 1] ?? 0) | foldCase) & 0xffffff;
          if (first === newline || first === carriageReturn || grams[hashGram(gram)] !== 0) break;
        }
      }
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
      if (isEnd && words === 0 && !isRead && key === undefined && context === "") {
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
    // What is left of a line that may hold a key of an adapter is looked at when it ends.
    if (read === 0) isRead = false;
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
    appendMask(at) {
      places.add(line.end - line.start, at);
      line.append(maskBytes, 0, maskBytes.length);
      readLines();
    },
    take: () => takeAll(out),
    end(at) {
      if (line.end > line.start) passLine(line.end - line.start);
      if (key !== undefined) endKey(undefined);
      position = at;
    },
    get position() {
      return position;
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
