/** No packet of SSH is longer, by far. */
const mostPacketBytes = 1024 * 1024;

/** Splits a stream of bytes into packets that each begin with their length, and hands them over without it. Throws `RangeError`. */
export function packetReader(received: (packet: Buffer) => void): (chunk: Buffer) => void {
  let waiting: Buffer = Buffer.alloc(0);
  return (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= 4) {
      const end = 4 + waiting.readUInt32BE(0);
      if (end > mostPacketBytes) throw new RangeError("the packet is too long");
      if (waiting.length < end) return;
      const packet = waiting.subarray(4, end);
      waiting = waiting.subarray(end);
      received(packet);
    }
  };
}

/** A packet with its length: numbers as four bytes, texts with their length (RFC 4251), bytes as they are. */
export function packet(...parts: readonly (number | string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map(encoded));
  return Buffer.concat([uint32(body.length), body]);
}

function encoded(part: number | string | Uint8Array): Uint8Array {
  if (typeof part === "number") return uint32(part);
  if (typeof part !== "string") return part;
  const bytes = Buffer.from(part, "utf8");
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reads the fields of a packet one after the other. Throws `RangeError` past its end. */
export function fieldsOf(packet: Buffer, start: number) {
  let at = start;
  const uint32 = () => {
    at += 4;
    return packet.readUInt32BE(at - 4);
  };
  const bytes = () => {
    const length = uint32();
    if (at + length > packet.length) throw new RangeError("the packet is too short");
    at += length;
    return packet.subarray(at - length, at);
  };
  return {
    uint32,
    bytes,
    text: () => bytes().toString("utf8"),
    boolean: () => {
      at += 1;
      return packet.readUInt8(at - 1) !== 0;
    },
  };
}
