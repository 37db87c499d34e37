import { isUtf8 } from "node:buffer";
import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";

/** Returns the actual names of files that are displayed like this path, with bytes that are not UTF-8 as `\xff`. */
export function findEscapedNames(path: string): readonly string[] {
  return readdirSync(dirname(path), { encoding: "buffer" })
    .filter((name) => !isUtf8(name) && name.toString("utf8") === basename(path))
    .map((name) => `'${escapeBytes(name)}'`);
}

function escapeBytes(name: Buffer): string {
  let text = "";
  for (let at = 0; at < name.length; ) {
    const length = [1, 2, 3, 4].find((bytes) => isCharacter(name.subarray(at, at + bytes), bytes));
    text +=
      length === undefined
        ? `\\x${name.toString("hex", at, at + 1)}`
        : name.toString("utf8", at, at + length);
    at += length ?? 1;
  }
  return text;
}

const isCharacter = (bytes: Buffer, length: number): boolean => bytes.length === length && isUtf8(bytes);
