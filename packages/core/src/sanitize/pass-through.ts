import { createByteQueue, takeAll } from "./byte-queue.ts";
import type { LineSanitizer } from "./line-sanitizer.ts";
import { mask } from "./mask.ts";

const maskBytes = Buffer.from(mask);

/** Creates a stand-in for a line sanitizer that passes bytes on unchanged, for texts in which only known secrets are masked. */
export function createPassThrough(firstPosition: number): LineSanitizer {
  const out = createByteQueue();
  let passed = firstPosition;
  return {
    append(source, from, to, position) {
      out.append(source, from, to);
      passed = position + to - from;
    },
    appendMask: () => out.append(maskBytes, 0, maskBytes.length),
    take: () => takeAll(out),
    end(position) {
      passed = position;
    },
    get position() {
      return passed;
    },
  };
}
