import { quote } from "../script/quote.ts";

/** The most files and bytes of one list; the machine checks a list while the next files arrive. */
const maxListFiles = 2_000;
const maxListBytes = 64 * 1024 * 1024;

/** Collects the checksums of a shipment in lists, each of which is sent after its files. */
export interface Checksums {
  add(path: string, sha256: string, sizeBytes: number): void;
  /** Returns the lists to be sent now: none while a list is not full, unless it is the last. */
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
      else odd.push(`check_odd ${sha256} ${quote(`./${path}`)}\n`);
      bytes += sizeBytes;
    },
    takeLists(isLast) {
      if (!isLast && plain.length + odd.length < maxListFiles && bytes < maxListBytes) return [];
      number += 1;
      // The odd list first, because the machine takes the plain list as the end of the pair.
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

/** Whether every `sha256sum -c` can read the name: old and small versions cannot escape a line end or a backslash. */
function isPlain(path: string): boolean {
  for (let at = 0; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (code < 0x20 || code === 0x7f || code === 0x5c) return false;
  }
  return !path.endsWith(" ");
}
