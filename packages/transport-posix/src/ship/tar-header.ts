const blockBytes = 512;
const maxUstarBytes = 8 ** 11 - 1;
/** Every archive of the same files is the same bytes. Not 1970: some programs take that for a broken clock. */
const modifiedSeconds = 1_577_836_800;

/** What stands before a file's bytes in a tar stream. */
export interface TarMember {
  /** As it shall be called there, as UTF-8. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly executable: boolean;
}

/**
 * The member's header: one ustar block, and ahead of it a pax header for what ustar cannot say (long names, more than 8 GiB).
 * Of a name that fits, the bytes stand in the ustar block as they are: every tar takes them so, and pax would have some of them
 * convert to the machine's character set.
 */
export function buildTarHeader({ path, sizeBytes, executable }: TarMember): Buffer {
  const mode = executable ? 0o755 : 0o644;
  const name = Buffer.from(path, "utf8");
  const split = splitName(name);
  const records: Buffer[] = [];
  if (split === undefined) {
    // bsdtar in a plain C locale takes no other character otherwise; GNU tar says that it does not know the word, and goes on.
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

/** How many zeros follow that many bytes. */
export function getPaddingBytes(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

/** What ends a tar stream. */
export const tarEndBytes = blockBytes * 2;

interface UstarName {
  readonly name: Buffer;
  readonly prefix?: Buffer;
}

/** Up to 100 bytes, or up to 155 and 100 with a `/` between; undefined when it does not fit. */
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
  // Not for…of: this runs for every byte of a million headers.
  for (let at = 0; at < blockBytes; at += 1) sum += block[at] ?? 0;
  writeOctal(block, sum, 148, 6);
  block[154] = 0;
  return block;
}

/** What is the same in every header; of the checksum's own field blanks are counted. */
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

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function buildPaxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
