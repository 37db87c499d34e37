import { createByteQueue } from "../byte-queue.ts";
import type { Automaton } from "./automaton.ts";
import { createMasks } from "./masks.ts";
import { prefixBytes } from "./prefix-scan.ts";
import { lineBreakByte, type SecretList } from "./secret-list.ts";
import {
  beginsEscape,
  type EscapeState,
  isLineBreak,
  longestEscapeBytes,
  nextEscapeState,
} from "./squeeze.ts";

/** A form continues after a line end only if at least this many of its bytes came before. After fewer bytes, the rest is a form of its own. */
const shortestBrokenBytes = 4;

/** The end of a text is masked if it is the beginning of a form and at least this long, because the rest may have been cut off. */
const shortestTailBytes = 6;

/** The most bytes of line ends and colors that may interrupt one secret. */
const mostSkippedBytes = 1024;

/** Receives the masked bytes. `raw` is a position in the original stream, before masking. */
export interface MaskedSink {
  append(source: Uint8Array, from: number, to: number, raw: number): void;
  /** Appends a mask. `raw` is where the masked bytes begin. */
  appendMask(raw: number): void;
}

/** Masks known secrets in a stream of bytes, wherever it is split. Holds back only what may be the beginning of a secret. */
export interface KnownMasker {
  push(chunk: Uint8Array): void;
  /** Ends the stream. If it `isCutOff`, it may end within a secret, and the beginning of the secret is masked. */
  end(isCutOff: boolean): void;
}

export function createKnownMasker(secrets: SecretList, sink: MaskedSink): KnownMasker {
  const queue = createByteQueue();
  const masks = createMasks();
  /** The stream position of the first byte in the queue. */
  let base = 0;
  /** The stream position of the next byte to read. */
  let at = 0;
  let automaton: Automaton = secrets.automaton();
  let state = 0;
  let escapeState: EscapeState = 0;
  let escapeBytes = 0;
  /**
   * The state of a second reading, which takes the bytes of an escape sequence as text: an incomplete sequence ends with the first bytes
   * of a secret. It goes on behind the sequence while a form may have begun, so it costs nothing in other text.
   */
  let literalState = 0;
  /** The stream position after the last line end or escape sequence that the automaton has read, or where it began to read. */
  let cleanFrom = 0;
  /** The stream position from which the scan may take over from the automaton. */
  let leaveFrom = 0;
  /** Line ends and escape sequences within the form that is being read: where they end, and how many bytes they have. */
  let skips: { end: number; count: number }[] = [];

  const reset = () => {
    state = 0;
    skips = [];
  };
  const skip = () => {
    if (state === 0) return;
    const last = skips.at(-1);
    if (last !== undefined && last.end === at) {
      last.end += 1;
      last.count += 1;
    } else {
      const start = pendingStart();
      skips = skips.filter(({ end }) => end > start);
      skips.push({ end: at + 1, count: 1 });
    }
    if (skips.reduce((sum, { count }) => sum + count, 0) > mostSkippedBytes) reset();
  };
  /** Returns where the last `length` bytes before `end` begin, without counting skipped bytes. A line end before a form is not part of it. */
  const findStart = (end: number, length: number) => {
    let start = end - length;
    for (let index = skips.length - 1; index >= 0; index -= 1) {
      const { end: skipEnd, count } = skips[index] ?? { end: 0, count: 0 };
      if (skipEnd <= start) break;
      start -= count;
    }
    // The line end before a form has been passed on already.
    start = Math.max(start, base);
    while (start < end && isLineBreak(byteAt(start))) start += 1;
    return start;
  };
  const byteAt = (position: number) => queue.bytes[queue.start + position - base] ?? 0;

  /** Reads a byte of a line end or an escape sequence. Returns false if it is neither and must be read as text. */
  const readSpecial = (byte: number): boolean => {
    const next = escapeState === 0 ? undefined : nextEscapeState(escapeState, byte);
    if (next !== undefined) {
      escapeState = next;
      escapeBytes += 1;
      if (escapeBytes > longestEscapeBytes) {
        escapeState = 0;
        reset();
      }
      skip();
      return true;
    }
    // A line end behind an incomplete sequence is read again, as text.
    const hasEnded = escapeState !== 0;
    escapeState = 0;
    if (beginsEscape(byte)) {
      escapeState = 1;
      escapeBytes = 1;
      skip();
      return true;
    }
    if (hasEnded || !isLineBreak(byte)) return false;
    skip();
    return true;
  };

  const read = () => {
    const { next, begun, longest, dense, denseCount, scan } = automaton;
    const lineBegin = next(0, lineBreakByte);
    const { bytes } = queue;
    const offset = queue.start - base;
    const end = queue.end;
    // Local variables are faster, and this loop takes much of the time of masking.
    let current = state;
    let isEscaped = escapeState !== 0;
    let literal = literalState;
    const readLiteral = (byte: number, end: number) => {
      literal = next(literal, byte);
      const length = longest[literal] ?? 0;
      if (length !== 0) masks.add(Math.max(end - length, base), end);
      if (begun[literal] === 0) literal = 0;
    };
    let clean = cleanFrom + offset;
    let leave = leaveFrom + offset;
    let index = offset + at;
    while (index < end) {
      const pending = begun[current] ?? 0;
      if (
        literal === 0 &&
        pending < prefixBytes &&
        index >= leave &&
        index - pending >= clean &&
        !isEscaped
      ) {
        // What may have begun so far is short and has not been interrupted, so the scan can read it again.
        if (skips.length > 0) skips = [];
        current = 0;
        index = scan.find(bytes, index - pending, end);
        leave = index + prefixBytes;
        clean = index;
        if (index >= end) break;
      }
      const byte = bytes[index] ?? 0;
      if (byte < 0x20 || isEscaped) {
        if (!isEscaped && isLineBreak(byte) && (begun[current] ?? 0) < shortestBrokenBytes) {
          if (skips.length > 0) skips = [];
          current = lineBegin;
          literal = 0;
          index += 1;
          clean = index;
          continue;
        }
        at = index - offset;
        state = current;
        const wasEscaped = isEscaped;
        const isSkipped = readSpecial(byte);
        current = state;
        isEscaped = escapeState !== 0;
        if (isSkipped) {
          index += 1;
          if (wasEscaped) readLiteral(byte, index - offset);
          else literal = 0;
          clean = index;
          continue;
        }
        if (wasEscaped) continue;
      }
      index += 1;
      if (literal !== 0) readLiteral(byte, index - offset);
      current = current < denseCount ? (dense[(current << 8) | byte] ?? 0) : next(current, byte);
      const length = longest[current] ?? 0;
      if (length !== 0) masks.add(findStart(index - offset, length), index - offset);
    }
    state = current;
    literalState = literal;
    at = end - offset;
    cleanFrom = clean - offset;
    leaveFrom = leave - offset;
    if (state === 0 && skips.length > 0) skips = [];
  };

  const flush = (until: number) => {
    if (masks.isEmpty()) {
      if (base === until) return;
      sink.append(queue.bytes, queue.start, queue.start + until - base, base);
      queue.drop(until - base);
      base = until;
      return;
    }
    while (base < until) {
      const mask = masks.coverOrNext(base);
      const to = mask === undefined ? until : Math.min(until, base < mask.start ? mask.start : mask.end);
      const count = to - base;
      if (mask === undefined || base < mask.start)
        sink.append(queue.bytes, queue.start, queue.start + count, base);
      else if (mask.isShown === false) {
        sink.appendMask(base);
        mask.isShown = true;
      }
      queue.drop(count);
      base = to;
    }
  };

  const pendingStart = () => {
    const start = state === 0 ? at : findStart(at, automaton.begun[state] ?? 0);
    return literalState === 0
      ? start
      : Math.min(start, Math.max(at - (automaton.begun[literalState] ?? 0), base));
  };

  return {
    push(chunk) {
      const current = secrets.automaton();
      if (current !== automaton) {
        // The bytes held back are read again, because they may be the beginning of a secret that has been added since.
        automaton = current;
        at = base;
        cleanFrom = base;
        leaveFrom = base;
        escapeState = 0;
        literalState = 0;
        reset();
      }
      queue.append(chunk, 0, chunk.length);
      read();
      flush(pendingStart());
    },
    end(isCutOff) {
      const start = pendingStart();
      if (isCutOff && at - start >= shortestTailBytes) masks.add(start, at);
      flush(at);
      reset();
      escapeState = 0;
      literalState = 0;
    },
  };
}
