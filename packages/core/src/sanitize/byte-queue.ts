/** A first-in, first-out queue of bytes. Appending and dropping do not copy the bytes that are already in it. */
export interface ByteQueue {
  readonly bytes: Buffer;
  /** The range of `bytes` that the queue holds. */
  readonly start: number;
  readonly end: number;
  append(source: Uint8Array, from: number, to: number): void;
  drop(count: number): void;
}

const firstCapacityBytes = 4 * 1024;

export function createByteQueue(): ByteQueue {
  let bytes = Buffer.allocUnsafe(firstCapacityBytes);
  let start = 0;
  let end = 0;
  const makeRoom = (count: number) => {
    const length = end - start;
    // Bytes are moved to the front only if at most half of the buffer is used afterwards, so that each byte is moved a bounded number of times.
    if (length + count <= bytes.length / 2) bytes.copyWithin(0, start, end);
    else {
      const larger = Buffer.allocUnsafe(2 * (length + count));
      bytes.copy(larger, 0, start, end);
      bytes = larger;
    }
    start = 0;
    end = length;
  };
  return {
    get bytes() {
      return bytes;
    },
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    append(source, from, to) {
      const count = to - from;
      if (end + count > bytes.length) makeRoom(count);
      if (count === 1) bytes[end] = source[from] ?? 0;
      else bytes.set(from === 0 && to === source.length ? source : source.subarray(from, to), end);
      end += count;
    },
    drop(count) {
      start += count;
      if (start === end) {
        start = 0;
        end = 0;
      }
    },
  };
}

const nothing = Buffer.alloc(0);

/** Removes all bytes from the queue and returns them. */
export function takeAll(queue: ByteQueue): Buffer {
  if (queue.start === queue.end) return nothing;
  const bytes = Buffer.from(queue.bytes.subarray(queue.start, queue.end));
  queue.drop(bytes.length);
  return bytes;
}
