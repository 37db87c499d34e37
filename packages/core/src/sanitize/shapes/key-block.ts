import { mask } from "../mask.ts";
import type { Block } from "./block.ts";
import {
  findKeyBeginning,
  findPrivateKeyEnd,
  isKeyMaterial,
  longestKeyBytes,
  opensPrivateKey,
} from "./private-keys.ts";

/** Creates a block for a private key that begins in a line and does not end in it, or returns undefined. `maskText` masks what stands in front of the key. */
export function openKeyBlock(line: Buffer, maskText: (text: string) => string): Block | undefined {
  const opening = line.toString("latin1");
  if (!opensPrivateKey(opening)) return undefined;
  const beginning = findKeyBeginning(opening);
  const hasPrefix = beginning > 0;
  const lines = [opening];
  let bytes = line.length;

  const end = (until: number | undefined) => {
    const text = lines.join("");
    return maskText(text.slice(0, beginning)) + mask + text.slice(until ?? text.trimEnd().length);
  };

  return {
    add(next) {
      const text = next.toString("latin1");
      const keyEnd = findPrivateKeyEnd(text);
      if (keyEnd === -1 && (!isKeyMaterial(text, hasPrefix) || bytes + next.length > longestKeyBytes))
        return { masked: end(undefined), isOther: true };
      lines.push(text);
      bytes += next.length;
      return keyEnd === -1 ? undefined : { masked: end(bytes - next.length + keyEnd), isOther: false };
    },
    close: () => end(undefined),
  };
}
