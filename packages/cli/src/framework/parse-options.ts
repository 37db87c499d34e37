import { type OptionDeclaration, UnitrainError } from "@unitrain/core/spec";
import { readValue } from "../settings/read-value.ts";
import { findOption } from "./options.ts";

/**
 * Reads options according to their declarations, for a framework that does not read them itself. `key=value` words override those of a
 * configuration.
 *
 * @throws UnitrainError `INVALID_OPTIONS` that names the first wrong option, with a hint at what was probably meant.
 */
export function parseOptions(
  words: readonly string[],
  configured: Readonly<Record<string, unknown>>,
  options: readonly OptionDeclaration[],
): Readonly<Record<string, unknown>> {
  const typedOptions = words.map((word): readonly [string, unknown] => {
    const equals = word.indexOf("=");
    return [word.slice(0, equals), word.slice(equals + 1)];
  });
  return Object.fromEntries(
    [...Object.entries(configured), ...typedOptions]
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, parseValue(name, String(value), options)]),
  );
}

function parseValue(name: string, text: string, options: readonly OptionDeclaration[]): unknown {
  const { kind = "text", choices } = findDeclaration(name, options);
  const wrong = (expected: string) =>
    new UnitrainError("INVALID_OPTIONS", `${name} is ${JSON.stringify(text.slice(0, 80))}. ${expected}`, {
      hint: `Write it as ${name}=…, or leave it out.`,
    });
  if (kind === "switch") {
    if (!/^(true|false)$/i.test(text)) throw wrong("It must be true or false.");
    return text.toLowerCase() === "true";
  }
  if (kind === "number") {
    if (text.trim() === "" || !Number.isFinite(Number(text))) throw wrong("It must be a number.");
    return Number(text);
  }
  const read = readValue({ kind, ...(choices === undefined ? {} : { choices }) }, text);
  if ("wrong" in read) throw wrong(read.wrong);
  return read.value;
}

function findDeclaration(name: string, options: readonly OptionDeclaration[]): OptionDeclaration {
  const declared = options.find((option) => option.name === name);
  if (declared !== undefined) return declared;
  const suggestion = findOption(name, options);
  const names = options.map((option) => option.name);
  throw new UnitrainError("INVALID_OPTIONS", `${name} is not an option of this framework.`, {
    hint:
      suggestion !== undefined
        ? `Did you mean ${suggestion}?`
        : names.length === 0
          ? "It has no options."
          : `Its options are ${names.join(", ")}.`,
  });
}
