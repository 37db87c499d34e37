import { constants, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

const zipEntry = Buffer.from("PK\x03\x04", "latin1");
const gzipStream = Buffer.of(0x1f, 0x8b, 0x08);
/** A zlib stream, such as a git object, is recognized only at the beginning of a file: its mark is two common bytes. */
const zlibMark = 0x78;
const mostStreams = 20_000;

/**
 * Lists the decompressed content of everything compressed within these bytes: the entries of a zip (a checkpoint of torch is one), gzip
 * streams wherever they begin (in a tar too), and a zlib stream. What a tar or a zip stores uncompressed is in the bytes as it is.
 */
export function* decompressAll(bytes: Buffer): Generator<Buffer> {
  for (const at of findAll(bytes, zipEntry)) {
    if (at + 30 > bytes.length || bytes.readUInt16LE(at + 8) !== 8) continue;
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    yield* attempt(() => inflateRawSync(bytes.subarray(start), partial));
  }
  for (const at of findAll(bytes, gzipStream)) yield* attempt(() => gunzipSync(bytes.subarray(at), partial));
  if (bytes[0] === zlibMark) yield* attempt(() => inflateSync(bytes, partial));
}

/** A stream that is cut off is decompressed as far as it goes. */
const partial = { finishFlush: constants.Z_SYNC_FLUSH };

function* findAll(bytes: Buffer, mark: Buffer): Generator<number> {
  let found = 0;
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    found += 1;
    if (found > mostStreams) throw new Error(`more than ${mostStreams} compressed streams in one file`);
    yield at;
  }
}

/** Yields nothing if the bytes only looked like a stream. */
function* attempt(decompress: () => Buffer): Generator<Buffer> {
  try {
    yield decompress();
  } catch {
    // Not a stream.
  }
}
