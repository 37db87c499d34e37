import { InvalidArgumentError, Option } from "commander";
import type { FlagDeclaration } from "./declarations/declaration.ts";
import { flagTerm } from "./help/help-text.ts";
import { bytesIn } from "./size-text.ts";

/** The options of the parser that a declared flag stands for. */
export function optionsOf(flag: FlagDeclaration): Option[] {
  const option = new Option(flagTerm(flag));
  const read = readerOf(flag);
  if (read !== undefined) option.argParser<unknown>(read);
  return flag.negatable === true ? [option, new Option(`--no-${flag.name}`)] : [option];
}

/** How the text behind a flag is read; `before` is what the same flag said earlier. */
function readerOf({
  kind,
  choices,
  repeatable,
}: FlagDeclaration): ((text: string, before: unknown) => unknown) | undefined {
  if (kind !== undefined) return readers[kind];
  const checked = (text: string) => (choices === undefined ? text : oneOf(choices, text));
  if (repeatable === true) return (text, before) => [...(Array.isArray(before) ? before : []), checked(text)];
  return choices === undefined ? undefined : checked;
}

const readers = {
  "positive-number": positiveNumber,
  "positive-integer": positiveInteger,
  size,
  integer: (text: string) => (/^0+$/.test(text) ? 0 : positiveInteger(text)),
} as const;

function oneOf(choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  throw new InvalidArgumentError(`It must be ${choices.join(" or ")}.`);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

function size(text: string): number {
  const bytes = bytesIn(text);
  if (bytes === undefined) throw new InvalidArgumentError("It must be a size: 20GB, 500MB or 0.");
  return bytes;
}

function positiveInteger(text: string): number {
  const value = positiveNumber(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}
