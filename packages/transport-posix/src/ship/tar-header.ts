const blockBytes = 512;
const maxUstarBytes = 8 ** 11 - 1;
/** A fixed time, so that the same files give the same archive. Not 1970, which some programs take for a broken clock. */
const modifiedSeconds = 1_577_836_800;

/** What the header of a file in a tar stream says. */
export interface TarMember {
  /** Path in the archive. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly executable: boolean;
}

/**
 * Builds the header of a member: one ustar block, and before it a pax header for what ustar cannot express (long names, more than
 * 8 GiB). A name that fits is put into the ustar block as bytes: every tar accepts that, while some would convert a pax name to the
 * character set of the machine.
 */
export function buildTarHeader({ path, sizeBytes, executable }: TarMember): Buffer {
  const mode = executable ? 0o755 : 0o644;
  const name = Buffer.from(path, "utf8");
  const split = splitName(name);
  const records: Buffer[] = [];
  if (split === undefined) {
    // Without this, bsdtar in the C locale refuses other characters. GNU tar prints a warning about the keyword and continues.
    if (name.some((byte) => byte > 0x7e)) records.push(buildPaxRecord("hdrcharset", Buffer.from("BINARY")));
    records.push(buildPaxRecord("path", name));
  }
  if (sizeBytes > maxUstarBytes) records.push(buildPaxRecord("size", Buffer.from(String(sizeBytes))));
  const ustarBytes = Math.min(sizeBytes, maxUstarBytes);
  const header = buildUstarBlock("0", split ?? { name: name.subarray(0, 100) }, ustarBytes, mode);
  if (records.length === 0) return header;
  const extended = Buffer.concat(records);
  const paxHeader = buildUstarBlock("x", { name: Buffer.from("pax") }, extended.length, 0o644);
  return Buffer.concat([paxHeader, extended, Buffer.alloc(getPaddingBytes(extended.length)), header]);
}

/** Returns how many zero bytes follow a content of this size. */
export function getPaddingBytes(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

/** Number of zero bytes that end a tar stream. */
export const tarEndBytes = blockBytes * 2;

interface UstarName {
  readonly name: Buffer;
  readonly prefix?: Buffer;
}

/** Splits a name into up to 155 bytes, a `/` and up to 100 bytes; undefined when that does not fit. */
function splitName(name: Buffer): UstarName | undefined {
  if (name.length <= 100) return { name };
  const slash = name.indexOf(0x2f, name.length - 101);
  if (slash === -1 || slash === 0 || slash > 155 || slash === name.length - 1) return undefined;
  return { name: name.subarray(slash + 1), prefix: name.subarray(0, slash) };
}

function buildUstarBlock(type: string, { name, prefix }: UstarName, sizeBytes: number, mode: number): Buffer {
  const block = Buffer.from(headerTemplate);
  name.copy(block, 0);
  prefix?.copy(block, 345);
  writeOctal(block, mode, 100, 7);
  writeOctal(block, sizeBytes, 124, 11);
  block[156] = type.charCodeAt(0);
  let sum = 0;
  // Not for…of, which is slower: this runs for each byte of up to a million headers.
  for (let at = 0; at < blockBytes; at += 1) sum += block[at] ?? 0;
  writeOctal(block, sum, 148, 6);
  block[154] = 0;
  return block;
}

/** The fields that are the same in every header. The checksum is computed with spaces in its own field. */
const headerTemplate = (() => {
  const block = Buffer.alloc(blockBytes);
  writeOctal(block, 0, 108, 7);
  writeOctal(block, 0, 116, 7);
  writeOctal(block, modifiedSeconds, 136, 11);
  block.fill(0x20, 148, 156);
  block.write("ustar\x0000", 257, "latin1");
  return block;
})();

function writeOctal(block: Buffer, value: number, at: number, digits: number): void {
  let rest = value;
  for (let digit = digits - 1; digit >= 0; digit -= 1) {
    block[at + digit] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
}

/** Builds a record `<length> <key>=<value>\n`, whose length includes its own digits. */
function buildPaxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
