import { connectionLostError } from "../script/failures.ts";
import { tooLargeError } from "../script/too-large.ts";

const blockBytes = 512;
/** The most bytes of a name that has a record of its own. */
const maxNameBytes = 64 * 1024;

/** A regular file of a tar stream with its whole content. */
export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Yields the regular files of a tar stream that GNU tar, bsdtar or busybox wrote; skips links, folders and devices.
 * Throws when a file is larger than `maxBytes`.
 */
export async function* readTar(stream: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<TarFile> {
  const bytes = createByteReader(stream);
  let longName: string | undefined;
  while (true) {
    const header = await bytes.readExactly(blockBytes);
    if (header === undefined) throw connectionLostError("The archive of the requested files is incomplete");
    if (header.every((byte) => byte === 0)) break;
    const type = String.fromCharCode(header[156] ?? 0);
    const size = readNumber(header, 124, 12);
    const isNameRecord = type === "L" || type === "K" || type === "x" || type === "g";
    const maxContentBytes = isNameRecord ? maxNameBytes : maxBytes;
    const path = longName ?? readName(header);
    if (size > maxContentBytes)
      throw tooLargeError(isNameRecord ? "The name of a file" : path, `${maxContentBytes} bytes`);
    const content = await bytes.readExactly(size);
    const padding = (blockBytes - (size % blockBytes)) % blockBytes;
    if (content === undefined || (await bytes.readExactly(padding)) === undefined)
      throw connectionLostError(`${path} is incomplete in the archive`);
    if (type === "L") longName = decodeUtf8(content).replace(/\0.*$/s, "");
    else if (type === "x") longName = readPaxPath(content) ?? longName;
    else if (!isNameRecord) {
      if (type === "0" || type === "\0") yield { path, content };
      longName = undefined;
    }
  }
  await bytes.drain();
}

function readNumber(header: Buffer, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  // GNU tar and bsdtar write numbers that are too large for octal digits in base 256.
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  const value = Number.parseInt(field.toString("latin1").replace(/\0.*$/s, "").trim() || "0", 8);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw connectionLostError("The machine sent an archive in an unexpected format");
}

function readName(header: Buffer): string {
  const name = decodeUtf8(header.subarray(0, 100)).replace(/\0.*$/s, "");
  // Only POSIX headers have a prefix; GNU headers keep times in its place.
  const isPosix = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isPosix ? decodeUtf8(header.subarray(345, 500)).replace(/\0.*$/s, "") : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Finds the path among pax records, which are `<length> <key>=<value>\n`. */
function readPaxPath(content: Buffer): string | undefined {
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString("latin1", at, space));
    if (space === -1 || !Number.isSafeInteger(length) || length <= space - at) return undefined;
    const record = decodeUtf8(content.subarray(space + 1, at + length - 1));
    if (record.startsWith("path=")) return record.slice("path=".length);
    at += length;
  }
  return undefined;
}

function decodeUtf8(bytes: Buffer): string {
  return bytes.toString("utf8");
}

function createByteReader(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]();
  let buffered: Buffer[] = [];
  let bufferedBytes = 0;
  return {
    /** Reads exactly `count` bytes; undefined when the stream ends before. */
    async readExactly(count: number): Promise<Buffer | undefined> {
      while (bufferedBytes < count) {
        const next = await chunks.next();
        if (next.done) return undefined;
        buffered.push(next.value);
        bufferedBytes += next.value.length;
      }
      const all = buffered.length === 1 ? (buffered[0] ?? Buffer.alloc(0)) : Buffer.concat(buffered);
      buffered = [all.subarray(count)];
      bufferedBytes = all.length - count;
      return all.subarray(0, count);
    },
    /** Reads the padding after the end of the archive. */
    async drain(): Promise<void> {
      let drainedBytes = 0;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        drainedBytes += next.value.length;
        if (drainedBytes > 1024 * 1024) throw tooLargeError("The end of an archive", "1 MiB");
      }
    },
  };
}
