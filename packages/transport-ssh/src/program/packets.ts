/** Far more than any packet of SSH. */
const maxPacketBytes = 1024 * 1024;

/** Creates a reader that splits a stream into packets, each of which begins with its length. Throws `RangeError` for a long packet. */
export function createPacketReader(onPacket: (packet: Buffer) => void): (chunk: Buffer) => void {
  let buffered: Buffer = Buffer.alloc(0);
  return (chunk) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    while (buffered.length >= 4) {
      const end = 4 + buffered.readUInt32BE(0);
      if (end > maxPacketBytes) throw new RangeError("the packet is too long");
      if (buffered.length < end) return;
      const packet = buffered.subarray(4, end);
      buffered = buffered.subarray(end);
      onPacket(packet);
    }
  };
}

/** Encodes a packet with its length: numbers as four bytes, texts with their length (RFC 4251), bytes unchanged. */
export function encodePacket(...parts: readonly (number | string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map(encodePart));
  return Buffer.concat([uint32(body.length), body]);
}

function encodePart(part: number | string | Uint8Array): Uint8Array {
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

/** Creates a reader of the fields of a packet. Throws `RangeError` past its end. */
export function createFieldReader(packet: Buffer, start: number) {
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
