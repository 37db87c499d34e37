/** Longer than the note in the middle of shortened output. */
const noteBytes = 64;
/** The contract allows 256 KiB, including the note. */
const halfBytes = (256 * 1024 - noteBytes) / 2;

/** Collects output of any length, and keeps its beginning and its end. */
export interface BoundedOutput {
  add(bytes: Buffer): void;
  text(): string;
}

export function createBoundedOutput(): BoundedOutput {
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let omittedBytes = 0;

  const shorten = () => {
    if (tailBytes <= halfBytes) return;
    const all = Buffer.concat(tail);
    omittedBytes += tailBytes - halfBytes;
    tail = [Buffer.from(all.subarray(-halfBytes))];
    tailBytes = halfBytes;
  };
  return {
    add(bytes) {
      const roomBytes = halfBytes - head.length;
      if (roomBytes > 0) head = Buffer.concat([head, bytes.subarray(0, roomBytes)]);
      if (bytes.length <= roomBytes) return;
      const rest = bytes.subarray(Math.max(0, roomBytes));
      // Copy it, so that a small chunk does not keep its whole buffer in memory.
      tail.push(Buffer.from(rest));
      tailBytes += rest.length;
      if (tailBytes > halfBytes * 4) shorten();
    },
    text() {
      shorten();
      const end = Buffer.concat(tail);
      if (omittedBytes === 0) return Buffer.concat([head, end]).toString("utf8");
      const note = `\n… ${omittedBytes} bytes left out …\n`;
      return `${trimPartialEnd(head).toString("utf8")}${note}${trimPartialStart(end).toString("utf8")}`;
    },
  };
}

/** Removes the bytes of an incomplete UTF-8 character at the end. */
function trimPartialEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < length ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function trimPartialStart(bytes: Buffer): Buffer {
  let from = 0;
  while (from < Math.min(3, bytes.length) && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return bytes.subarray(from);
}
