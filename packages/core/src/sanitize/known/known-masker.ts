import { createByteQueue } from "../byte-queue.ts";
import { gramBytes, hashGram } from "../grams.ts";
import type { Automaton } from "./automaton.ts";
import { lineBreakByte, type SecretList } from "./secret-list.ts";
import {
  beginsEscape,
  type EscapeState,
  isLineBreak,
  longestEscapeBytes,
  nextEscapeState,
} from "./squeeze.ts";

/** So much of a form must have been read for it to go on behind a line end: less is found there by itself. */
const shortestBrokenBytes = 4;

/** The end of a text that is this much of a secret's form is masked: the rest may be cut off. */
const shortestTailBytes = 6;

/** More line ends and colors than this are not within one secret. */
const mostSkippedBytes = 1024;

/** Where masked bytes go. `raw` is the position in the stream before masking. */
export interface MaskedSink {
  append(source: Uint8Array, from: number, to: number, raw: number): void;
  /** `raw`: where what is masked begins. */
  appendMask(raw: number): void;
}

/** Masks known secrets in a stream of bytes, wherever it is cut. Holds back only what may be the beginning of a secret. */
export interface KnownMasker {
  push(chunk: Uint8Array): void;
  /** `isCutOff`: the stream may end within a secret, whose beginning is then masked. */
  end(isCutOff: boolean): void;
}

export function createKnownMasker(secrets: SecretList, sink: MaskedSink): KnownMasker {
  const queue = createByteQueue();
  const masks = createMasks();
  /** Stream positions: of the queue's first byte, of the next byte to read. */
  let base = 0;
  let at = 0;
  let automaton: Automaton = secrets.automaton();
  let state = 0;
  let escapeState: EscapeState = 0;
  let escapeBytes = 0;
  /** Bytes that are left out within the form that is being read: where they end, how many there are. */
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
  /** Where the last `length` bytes that were not left out began; a line end before a form is not part of it. */
  const findStart = (end: number, length: number) => {
    let start = end - length;
    for (let index = skips.length - 1; index >= 0; index -= 1) {
      const { end: skipEnd, count } = skips[index] ?? { end: 0, count: 0 };
      if (skipEnd <= start) break;
      start -= count;
    }
    // The line end before a form has been passed on.
    start = Math.max(start, base);
    while (start < end && isLineBreak(byteAt(start))) start += 1;
    return start;
  };
  const byteAt = (position: number) => queue.bytes[queue.start + position - base] ?? 0;

  const readSpecial = (byte: number): boolean => {
    if (escapeState !== 0) {
      escapeState = nextEscapeState(escapeState, byte);
      escapeBytes += 1;
      if (escapeBytes > longestEscapeBytes) {
        escapeState = 0;
        reset();
      }
      skip();
      return true;
    }
    if (beginsEscape(byte)) {
      escapeState = 1;
      escapeBytes = 1;
      skip();
      return true;
    }
    if (!isLineBreak(byte)) return false;
    if ((automaton.begun[state] ?? 0) >= shortestBrokenBytes) skip();
    else {
      reset();
      state = automaton.next(0, lineBreakByte);
    }
    return true;
  };

  const read = () => {
    const { next, longest, dense, denseCount, grams } = automaton;
    const { bytes } = queue;
    const offset = queue.start - base;
    const end = queue.end;
    // Kept in local variables: this loop is most of the time that masking takes.
    let current = state;
    let isEscaped = escapeState !== 0;
    // Up to here each byte is read by the automaton: a line end or an escape sequence is near.
    let nearUntil = 0;
    for (let index = offset + at; index < end; index += 1) {
      if (current === 0 && !isEscaped && index >= nearUntil) {
        const [first, second] = [bytes[index] ?? 0, bytes[index + 1] ?? 0];
        const isNear = first < 0x20 || second < 0x20;
        if (isNear) nearUntil = index + 2;
        let gram = (first << 8) | second;
        const last = isNear ? -1 : end - gramBytes;
        for (; index <= last; index += 1) {
          const byte = bytes[index + gramBytes - 1] ?? 0;
          gram = ((gram << 8) | byte) & 0xffffff;
          if (byte < 0x20) {
            nearUntil = index + gramBytes;
            break;
          }
          if (grams[hashGram(gram)] !== 0) break;
        }
      }
      const byte = bytes[index] ?? 0;
      if (byte < 0x20 || isEscaped) {
        at = index - offset;
        state = current;
        const isLeftOut = readSpecial(byte);
        current = state;
        isEscaped = escapeState !== 0;
        if (isLeftOut) continue;
      }
      current = current < denseCount ? (dense[(current << 8) | byte] ?? 0) : next(current, byte);
      const length = longest[current] ?? 0;
      if (length !== 0) masks.add(findStart(index - offset + 1, length), index - offset + 1);
    }
    state = current;
    at = end - offset;
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

  const pendingStart = () => (state === 0 ? at : findStart(at, automaton.begun[state] ?? 0));

  return {
    push(chunk) {
      const current = secrets.automaton();
      if (current !== automaton) {
        // What was held back is read again: it may be the beginning of a secret that was added since.
        automaton = current;
        at = base;
        escapeState = 0;
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
    },
  };
}

interface Mask {
  readonly start: number;
  end: number;
  isShown: boolean;
}

/** Masked parts of the stream in order; those that overlap or touch are one. */
function createMasks() {
  let masks: Mask[] = [];
  return {
    isEmpty: () => masks.length === 0,
    add(start: number, end: number) {
      let first = start;
      let isShown = false;
      for (let last = masks.at(-1); last !== undefined && last.end >= first; last = masks.at(-1)) {
        first = Math.min(first, last.start);
        isShown ||= last.isShown;
        masks.pop();
      }
      masks.push({ start: first, end, isShown });
    },
    /** The part that holds `position` or comes next after it. What ended before it is forgotten, apart from one that ends right there. */
    coverOrNext(position: number): Mask | undefined {
      let done = 0;
      while ((masks[done]?.end ?? Number.POSITIVE_INFINITY) < position) done += 1;
      if (done > 0) masks = masks.slice(done);
      const [first, second] = masks;
      return first !== undefined && first.end === position ? second : first;
    },
  };
}
