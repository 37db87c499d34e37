import { closeSync, openSync, readSync } from "node:fs";

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const headBytes = 512 * 1024;

/** Reads the size of a JPEG, PNG or BMP from its header, for annotations without one; undefined for other formats. */
export function readImageSize(file: string): ImageSize | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const buffer = Buffer.alloc(headBytes);
    const head = buffer.subarray(0, readSync(handle, buffer, 0, headBytes, 0));
    if (head.toString("latin1", 1, 4) === "PNG")
      return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
    if (head.toString("latin1", 0, 2) === "BM")
      return { width: Math.abs(head.readInt32LE(18)), height: Math.abs(head.readInt32LE(22)) };
    return head[0] === 0xff && head[1] === 0xd8 ? readJpegSize(head) : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function readJpegSize(head: Buffer): ImageSize | undefined {
  for (let at = 2; at + 9 <= head.length; ) {
    if (head[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = head[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) };
    const hasNoLength = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += hasNoLength ? (marker === 0xff ? 1 : 2) : 2 + head.readUInt16BE(at + 2);
  }
  return undefined;
}
