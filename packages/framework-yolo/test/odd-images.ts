/** The format of a TIFF. */
interface TiffForm {
  /** With 64-bit offsets (BigTIFF). */
  readonly isBig?: boolean;
  readonly isLittle?: boolean;
  readonly bitsPerSample?: 8 | 16 | 32;
  /** The value of the Compression tag; 1 means none. */
  readonly compression?: number;
}

const side = 16;

/** Makes a gray TIFF of 16 by 16 pixels; a BigTIFF in little-endian unless another form is asked for. */
export function createGrayTiff(form: TiffForm = {}): Buffer {
  const { isBig = true, isLittle = true, bitsPerSample = 8, compression = 1 } = form;
  const complete = (value: number, size: number): Buffer => {
    const bytes = Buffer.alloc(size);
    bytes.writeUIntLE(value, 0, Math.min(size, 6));
    return isLittle ? bytes : bytes.reverse();
  };
  const offsetBytes = isBig ? 8 : 4;
  const pixels = Buffer.alloc((side * side * bitsPerSample) / 8, 120);
  const mark = isBig ? [complete(43, 2), complete(8, 2), complete(0, 2)] : [complete(42, 2)];
  const headerBytes = 2 + 2 * mark.length + offsetBytes;
  const header = [
    Buffer.from(isLittle ? "II" : "MM"),
    ...mark,
    complete(headerBytes + pixels.length, offsetBytes),
  ];
  const tags: readonly (readonly [tag: number, value: number])[] = [
    [256, side],
    [257, side],
    [258, bitsPerSample],
    [259, compression],
    [262, 1],
    [273, headerBytes],
    [277, 1],
    [278, side],
    [279, pixels.length],
  ];
  const shorts = 3;
  const entries = tags.flatMap(([tag, value]) => [
    complete(tag, 2),
    complete(shorts, 2),
    complete(1, offsetBytes),
    complete(value, 2),
    Buffer.alloc(offsetBytes - 2),
  ]);
  const count = complete(tags.length, isBig ? 8 : 2);
  return Buffer.concat([...header, pixels, count, ...entries, complete(0, offsetBytes)]);
}

/** Returns the offsets of the segments of a JPEG, up to the one with the pixels. */
export function findSegmentOffsets(jpeg: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = 2; at + 4 <= jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    places.push(at);
    if (jpeg[at + 1] === 0xda) break;
  }
  return places;
}

/** Returns the file with bytes inserted at an offset. */
export const insertBytes = (bytes: Buffer, at: number, more: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
