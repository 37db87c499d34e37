import { stripVTControlCharacters } from "node:util";

/**
 * Text from a machine, a server or a file, made safe for a terminal: escape sequences, control characters and those that
 * turn the direction of writing are taken out. Line ends and tabs stay.
 */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(unprintable, "");
}

/** The same for every string in a JSON value: the one gate that all events, plans and errors pass on their way to a screen. */
export function cleanAll<Value>(value: Value): Value {
  if (typeof value === "string") return clean(value) as Value;
  if (Array.isArray(value)) return value.map(cleanAll) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clean(key), cleanAll(inner)]),
  ) as Value;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
