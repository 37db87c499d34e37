import { lost } from "../script/failures.ts";
import { tooMuch } from "../script/too-much.ts";

const blockBytes = 512;
/** Of a name in a header of its own. */
const longestNameBytes = 64 * 1024;

/** A regular file in a tar stream, whole. */
export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Reads the regular files of a tar stream by GNU tar, bsdtar or busybox; links, folders and devices are passed over.
 * A file larger than `mostBytes` ends it with an error.
 */
export async function* readTar(stream: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<TarFile> {
  const bytes = byteReader(stream);
  let named: string | undefined;
  while (true) {
    const header = await bytes.take(blockBytes);
    if (header === undefined) throw lost("The files that were asked for ended in the middle");
    if (header.every((byte) => byte === 0)) break;
    const type = String.fromCharCode(header[156] ?? 0);
    const size = numberAt(header, 124, 12);
    const isName = type === "L" || type === "K" || type === "x" || type === "g";
    const bound = isName ? longestNameBytes : mostBytes;
    const path = named ?? nameIn(header);
    if (size > bound) throw tooMuch(isName ? "The name of a file" : path, `${bound} bytes`);
    const content = await bytes.take(size);
    const padding = (blockBytes - (size % blockBytes)) % blockBytes;
    if (content === undefined || (await bytes.take(padding)) === undefined)
      throw lost(`${path} ended in the middle`);
    if (type === "L") named = textOf(content).replace(/\0.*$/s, "");
    else if (type === "x") named = paxPath(content) ?? named;
    else if (!isName) {
      if (type === "0" || type === "\0") yield { path, content };
      named = undefined;
    }
  }
  await bytes.drain();
}

function numberAt(header: Buffer, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  // GNU tar and bsdtar write what octal digits cannot say in base 256.
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  const value = Number.parseInt(field.toString("latin1").replace(/\0.*$/s, "").trim() || "0", 8);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw lost("Files came in another form than was agreed on");
}

function nameIn(header: Buffer): string {
  const name = textOf(header.subarray(0, 100)).replace(/\0.*$/s, "");
  // Only in POSIX's own form there is a prefix; GNU's keeps times there.
  const isPosix = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isPosix ? textOf(header.subarray(345, 500)).replace(/\0.*$/s, "") : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records of `<length> <key>=<value>\n`. */
function paxPath(content: Buffer): string | undefined {
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(0x20, at);
    const length = Number(content.toString("latin1", at, blank));
    if (blank === -1 || !Number.isSafeInteger(length) || length <= blank - at) return undefined;
    const record = textOf(content.subarray(blank + 1, at + length - 1));
    if (record.startsWith("path=")) return record.slice("path=".length);
    at += length;
  }
  return undefined;
}

function textOf(bytes: Buffer): string {
  return bytes.toString("utf8");
}

function byteReader(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let heldBytes = 0;
  return {
    /** Exactly so many; undefined when the stream ends before. */
    async take(count: number): Promise<Buffer | undefined> {
      while (heldBytes < count) {
        const next = await chunks.next();
        if (next.done) return undefined;
        held.push(next.value);
        heldBytes += next.value.length;
      }
      const all = held.length === 1 ? (held[0] ?? Buffer.alloc(0)) : Buffer.concat(held);
      held = [all.subarray(count)];
      heldBytes = all.length - count;
      return all.subarray(0, count);
    },
    /** What fills the last record of the archive. */
    async drain(): Promise<void> {
      let drained = 0;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        drained += next.value.length;
        if (drained > 1024 * 1024) throw tooMuch("The end of an archive", "1 MiB");
      }
    },
  };
}
