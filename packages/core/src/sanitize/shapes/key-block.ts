import { mask } from "../mask.ts";
import { maskLine } from "./mask-line.ts";
import { findPrivateKeyEnd, isKeyMaterial, longestKeyBytes } from "./private-keys.ts";

/** Collects the lines of a private key, and replaces them by a mask when the key ends. Bytes are read as latin1. */
export interface KeyBlock {
  readonly isOpen: boolean;
  /** Begins a key with the line in which it begins. `found` has the bits of the rules for what stands in front of it. */
  open(line: Buffer, found: number): void;
  /** Adds a line. Returns the masked key if it has ended: with this line, or before it if the line `isOther`. */
  add(line: Buffer): { readonly masked: string; readonly isOther: boolean } | undefined;
  /** Ends a key that was cut off, and returns the mask. */
  close(): string;
}

export function createKeyBlock(): KeyBlock {
  let lines: Buffer[] = [];
  let bytes = 0;
  let foundInFront = 0;

  const end = (until: number | undefined) => {
    const text = Buffer.concat(lines).toString("latin1");
    lines = [];
    bytes = 0;
    const from = Math.max(0, text.search(/-----BEGIN |PuTTY-User-Key-File/));
    return maskLine(text.slice(0, from), foundInFront) + mask + text.slice(until ?? text.trimEnd().length);
  };

  return {
    get isOpen() {
      return lines.length > 0;
    },
    open(line, found) {
      lines = [Buffer.from(line)];
      bytes = line.length;
      foundInFront = found;
    },
    add(line) {
      const text = line.toString("latin1");
      const keyEnd = findPrivateKeyEnd(text);
      if (keyEnd === -1 && (!isKeyMaterial(text) || bytes + line.length > longestKeyBytes))
        return { masked: end(undefined), isOther: true };
      lines.push(Buffer.from(line));
      bytes += line.length;
      return keyEnd === -1 ? undefined : { masked: end(bytes - line.length + keyEnd), isOther: false };
    },
    close: () => end(undefined),
  };
}
