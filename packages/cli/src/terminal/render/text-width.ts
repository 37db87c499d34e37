import { createRequire } from "node:module";

/** Returns the number of terminal columns that a text takes. The library for other scripts is loaded only when a text needs it. */
export function measureText(text: string): number {
  if (singleColumns.test(text)) return text.length;
  stringWidth ??= (createRequire(import.meta.url)("string-width") as { default: (text: string) => number })
    .default;
  return stringWidth(text);
}

let stringWidth: ((text: string) => number) | undefined;

/** ASCII, Western letters and our own signs: each takes one column. */
const singleColumns = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u017f…]*$/;
