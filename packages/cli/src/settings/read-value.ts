import type { SettingDeclaration, SettingKind } from "@unitrain/core/spec";
import { parseSize } from "./parse-size.ts";

/** The value of a text, or in `wrong` a sentence that says what it must be. */
export type ReadValue = { readonly value: string | number } | { readonly wrong: string };

/** Reads the value of a flag or an environment variable. */
export function readValue(
  { kind, choices }: Pick<SettingDeclaration, "kind" | "choices">,
  text: string,
): ReadValue {
  if (choices !== undefined && !choices.includes(text))
    return { wrong: `It must be ${choices.join(" or ")}.` };
  const reader = readers[kind];
  return reader === undefined ? { value: text } : reader(text);
}

const readers: Partial<Record<SettingKind, (text: string) => ReadValue>> = {
  "positive-number": positiveNumber,
  "positive-integer": positiveInteger,
  integer: (text) => (/^0+$/.test(text) ? { value: 0 } : positiveInteger(text)),
  size: (text) => {
    const value = parseSize(text);
    return value === undefined ? { wrong: "It must be a size: 20GB, 500MB or 0." } : { value };
  },
};

function positiveNumber(text: string): ReadValue {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) || value <= 0
    ? { wrong: "It must be a number above 0." }
    : { value };
}

function positiveInteger(text: string): ReadValue {
  const read = positiveNumber(text);
  return "value" in read && !Number.isInteger(read.value)
    ? { wrong: "It must be a whole number above 0." }
    : read;
}
