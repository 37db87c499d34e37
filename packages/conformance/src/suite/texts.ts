import { describeError } from "./demand.ts";

/** Returns all strings in a value, also those in its keys. */
function listTexts(value: unknown, depth = 8): readonly string[] {
  if (typeof value === "string") return [value];
  if (value instanceof Error) return listErrorTexts(value, depth);
  if (typeof value !== "object" || value === null || depth === 0) return [];
  return Object.entries(value).flatMap(([key, entry]) => [key, ...listTexts(entry, depth - 1)]);
}

function listErrorTexts(error: Error, depth: number): readonly string[] {
  const { hint } = error as { readonly hint?: unknown };
  return [
    describeError(error),
    ...(typeof hint === "string" ? [hint] : []),
    ...(error.cause === undefined || depth === 0 ? [] : listTexts(error.cause, depth - 1)),
  ];
}

/** Returns the first text with a character that controls a terminal. Line breaks and tabs are allowed. */
export function findControlCharacters(value: unknown): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be in a text.
  return listTexts(value).find((text) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(text));
}

/** Returns the first text that contains one of the secrets. */
export function findSecret(value: unknown, secrets: readonly string[]): string | undefined {
  return listTexts(value).find((text) => secrets.some((secret) => text.includes(secret)));
}

/** Returns why a value changes when it is stored as JSON, or undefined if it does not. */
export function findJsonFault(value: unknown, path = ""): string | undefined {
  const name = path === "" ? "the value itself" : path;
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${name} is ${value}`;
  if (Array.isArray(value)) return findFirst(value.map((entry, at) => [`${path}[${at}]`, entry]));
  if (typeof value !== "object") return `${name} is of the type ${typeof value}`;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return `${name} is an instance of ${value.constructor.name}`;
  }
  // A member that is undefined is left out of the JSON, which reads back the same.
  const members = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return findFirst(members.map(([key, entry]) => [path === "" ? key : `${path}.${key}`, entry]));
}

function findFirst(entries: readonly (readonly [string, unknown])[]): string | undefined {
  for (const [path, entry] of entries) {
    const fault = findJsonFault(entry, path);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
