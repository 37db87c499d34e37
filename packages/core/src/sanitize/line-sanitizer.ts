import { isUtf8 } from "node:buffer";
import { createByteQueue, takeAll } from "./byte-queue.ts";
import { findLineEnd, findLineStart, findLinesEnd } from "./line-ends.ts";
import { mask } from "./mask.ts";
import type { Block } from "./shapes/block.ts";
import { findEvidence, findTriggers, readTriggers } from "./shapes/find-triggers.ts";
import { openKeyBlock } from "./shapes/key-block.ts";
import { maskLine } from "./shapes/mask-line.ts";
import type { PatternList } from "./shapes/pattern-list.ts";
import { passwordBit, privateKeyBit } from "./shapes/rules.ts";
import { openValueBlock } from "./shapes/value-block.ts";
import { createPlaces } from "./stream-places.ts";

/** A longer line is passed on in pieces of about this size. */
const longestPieceBytes = 64 * 1024;

/** Bytes held back at the end of an unterminated line, because a secret may be split across pieces. */
const heldBackBytes = 8 * 1024;

/** A trigger word this near to the end of a piece is examined with the next piece, which shows what follows it. */
const lookAheadBytes = 2 * 1024;

/** Bytes at the end of a piece that the rules see again in front of the next piece, because the name of a secret may be there. */
const contextBytes = 256;

const maskBytes = Buffer.from(mask);

/** The rules for a line, or for a piece of a line that is too long, in addition to the built-in ones. */
export interface LineRules {
  /** A plugin's `sanitize`. If it is undefined, lines without a trigger word are never decoded. */
  readonly reshape?: ((text: string) => string) | undefined;
  readonly patterns: PatternList;
}

/** Masks what looks like a secret, line by line. The bytes of all other lines are passed on unchanged. */
export interface LineSanitizer {
  /** Appends bytes. `position` is the position of the first of them in the original stream, before masking. */
  append(source: Uint8Array, from: number, to: number, position: number): void;
  /** Appends a mask. `position` is where the masked bytes begin in the original stream. */
  appendMask(position: number): void;
  /** Removes and returns the output that is ready. */
  take(): Buffer;
  /** Processes the last line. `position` is where the stream ends. */
  end(position: number): void;
  /** The position in the original stream up to which bytes have been passed on. */
  readonly position: number;
}

export function createLineSanitizer(rules: LineRules, firstPosition: number): LineSanitizer {
  const queue = createByteQueue();
  const out = createByteQueue();
  const places = createPlaces(firstPosition);
  /** The lines that are held back, because they can only be masked together with the next ones. */
  let block: Block | undefined;
  const isEachLineRead = rules.reshape !== undefined || rules.patterns.mayAlwaysMatch;
  let position = firstPosition;
  /** How many of the queued bytes contain no line end. */
  let searched = 0;
  /** The rules whose trigger words are in the line, and whether an adapter's key may be in it. They are kept while a long line is passed on in pieces. */
  let found = 0;
  let mayHavePattern = false;
  /** The end of the last piece of a line that is passed on in pieces. */
  let context = "";

  const emit = (bytes: Buffer) => {
    if (found === 0 && !mayHavePattern && !isEachLineRead) return out.append(bytes, 0, bytes.length);
    const encoding = rules.reshape !== undefined && isUtf8(bytes) ? "utf8" : "latin1";
    const text = bytes.toString(encoding);
    const reshaped = rules.reshape?.(text) ?? text;
    const words = reshaped === text ? found : findTriggers(context + reshaped);
    const masked = maskLine(context + reshaped, words, rules.patterns.patterns, context.length);
    if (masked === text) out.append(bytes, 0, bytes.length);
    else emitText(masked, encoding);
  };
  /** Masks a line of a block that is none of its secrets. */
  const maskInBlock = (latin1: string) => {
    const text = rules.reshape === undefined ? latin1 : Buffer.from(latin1, "latin1").toString("utf8");
    const reshaped = rules.reshape?.(text) ?? text;
    const masked = maskLine(reshaped, findTriggers(reshaped), rules.patterns.patterns);
    if (masked === text) return latin1;
    return rules.reshape === undefined ? masked : Buffer.from(masked, "utf8").toString("latin1");
  };
  const emitText = (text: string, encoding: BufferEncoding) => {
    const bytes = Buffer.from(text, encoding);
    out.append(bytes, 0, bytes.length);
  };

  /** Masks and passes on the first `count` queued bytes: a line or a piece of one. */
  const passText = (count: number) => {
    const bytes = queue.bytes.subarray(queue.start, queue.start + count);
    const ended = block?.add(bytes);
    if (ended !== undefined) {
      block = undefined;
      emitText(ended.masked, "latin1");
    }
    if (block === undefined && ended?.isOther !== false) {
      block = openBlock(bytes);
      if (block === undefined) emit(bytes);
    }
    drop(count);
  };

  const openBlock = (bytes: Buffer) => {
    if (context !== "") return undefined;
    return (
      ((found & privateKeyBit) === 0 ? undefined : openKeyBlock(bytes, maskInBlock)) ??
      ((found & passwordBit) === 0 ? undefined : openValueBlock(bytes, maskInBlock))
    );
  };

  const drop = (count: number) => {
    queue.drop(count);
    searched = Math.max(0, searched - count);
    places.advance(count);
    if (block === undefined) position = places.first();
  };

  /** Passes on the queued bytes up to `until` unchanged: lines that need not be examined. */
  const passClean = (until: number) => {
    const count = until - queue.start;
    if (count === 0) return;
    out.append(queue.bytes, queue.start, until);
    drop(count);
  };

  const examine = (to: number, limit: number) => {
    found |= readTriggers(queue.bytes, queue.start, to, limit);
    mayHavePattern ||= rules.patterns.find(queue.bytes, queue.start, limit) < limit;
  };

  const passLine = (count: number) => {
    let rest = count;
    while (rest > longestPieceBytes) rest -= passPiece();
    examine(queue.start + rest, queue.start + rest);
    passText(rest);
    found = 0;
    mayHavePattern = false;
    context = "";
  };

  /** Passes on a piece of a long line, and returns its length. */
  const passPiece = () => {
    const limit = queue.start + longestPieceBytes;
    examine(limit - lookAheadBytes, limit);
    const bytes = queue.bytes.subarray(queue.start, limit);
    const cut = findCut(bytes);
    const end = bytes.toString("latin1", Math.max(0, cut - contextBytes), cut);
    passText(cut);
    context = end;
    return cut;
  };

  const readLines = () => {
    const { bytes } = queue;
    const limit = findLinesEnd(bytes, queue.start + searched, queue.end) ?? queue.start;
    let pattern = -1;
    while (queue.start < limit && queue.start < queue.end) {
      const { start } = queue;
      if (isEachLineRead || block !== undefined || context !== "") {
        passLine(findLineEnd(bytes, start, limit) - start);
        continue;
      }
      const word = findEvidence(bytes, start, limit);
      if (pattern < start) pattern = rules.patterns.find(bytes, start, limit);
      const hit = word === -1 ? pattern : Math.min(word, pattern);
      passClean(hit === limit ? limit : findLineStart(bytes, start, hit));
      if (hit < limit) passLine(findLineEnd(bytes, hit, limit) - queue.start);
    }
    while (queue.end - queue.start > longestPieceBytes) passPiece();
    // A carriage return at the end is searched again, because only the next byte tells whether it ends the line.
    searched = Math.max(0, queue.end - queue.start - 1);
  };

  return {
    append(source, from, to, at) {
      places.add(queue.end - queue.start, at);
      queue.append(source, from, to);
      readLines();
    },
    appendMask(at) {
      places.add(queue.end - queue.start, at);
      queue.append(maskBytes, 0, maskBytes.length);
      readLines();
    },
    take: () => takeAll(out),
    end(at) {
      if (queue.end > queue.start) passLine(queue.end - queue.start);
      if (block !== undefined) emitText(block.close(), "latin1");
      block = undefined;
      position = at;
    },
    get position() {
      return position;
    },
  };
}

/** Returns where to cut an unterminated line: at a blank near its end if there is one, and never within a character. */
function findCut(bytes: Buffer): number {
  let cut = bytes.length - heldBackBytes;
  const blank = bytes.lastIndexOf(0x20, cut - 1);
  if (blank > cut - heldBackBytes) cut = blank;
  while (cut > 0 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return cut;
}
