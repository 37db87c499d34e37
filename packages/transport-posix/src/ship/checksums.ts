import { quote } from "../script/quote.ts";

/** One list of what was sent lately; the machine checks it while the next files come. */
const maxListFiles = 2_000;
const maxListBytes = 64 * 1024 * 1024;

/** Collects the checksums of a shipment, in lists that travel behind the files they speak of. */
export interface Checksums {
  add(path: string, sha256: string, sizeBytes: number): void;
  /** The members to be sent now, if a list is full (or `last`). */
  takeLists(isLast: boolean): readonly { readonly path: string; readonly bytes: Buffer }[];
}

export function createChecksums(): Checksums {
  let plain: string[] = [];
  let odd: string[] = [];
  let bytes = 0;
  let number = 0;
  return {
    add(path, sha256, sizeBytes) {
      if (isPlain(path)) plain.push(`${sha256}  ./${path}\n`);
      else odd.push(`odd ${sha256} ${quote(`./${path}`)}\n`);
      bytes += sizeBytes;
    },
    takeLists(isLast) {
      if (!isLast && plain.length + odd.length < maxListFiles && bytes < maxListBytes) return [];
      number += 1;
      // The odd ones first: with the plain list the pair is complete.
      const lists = [
        { path: `odd/${number}`, bytes: Buffer.from(odd.join(""), "utf8") },
        { path: `sums/${number}`, bytes: Buffer.from(plain.join(""), "utf8") },
      ];
      plain = [];
      odd = [];
      bytes = 0;
      return lists;
    },
  };
}

/** What every `sha256sum -c` reads back as the same name: those of old and small ones know no way to write a line end or a backslash. */
function isPlain(path: string): boolean {
  for (let at = 0; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (code < 0x20 || code === 0x7f || code === 0x5c) return false;
  }
  return !path.endsWith(" ");
}
