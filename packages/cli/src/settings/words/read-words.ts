import { type FrameworkCommandLine, UnitrainError } from "@unitrain/core/spec";
import { joinLists } from "./join-lists.ts";

/** The words after `unitrain train` that are not flags. */
export interface TrainingWords {
  /** The dataset as it was typed. Undefined if the configuration names it. */
  readonly data?: string;
  /** Options of the framework, such as `epochs=50`. */
  readonly settings: readonly string[];
}

/**
 * Reads words such as `./pallets model=small epochs=50`, also in the syntax of the framework's own program. A folder with a `=` in
 * its name must start with `./`. Throws `INVALID_OPTIONS` that shows the correct form.
 */
export function readWords(
  commandWords: readonly string[],
  { pastedLines }: Pick<FrameworkCommandLine, "pastedLines">,
): TrainingWords {
  const joined = joinLists(commandWords);
  const words = pastedLines?.read(joined) ?? joined;
  refuseSpaces(words);
  const settings = words.filter((word) => isSetting(word) && !word.startsWith("data="));
  const sources = words.flatMap((word) =>
    word.startsWith("data=") ? [word.slice("data=".length)] : isSetting(word) ? [] : [word],
  );
  const [data, another] = sources;
  if (data === "") throw createMissingValueError("data=", "./pallets");
  if (another !== undefined) throw createTwoDatasetsError(words, String(data), another);
  return {
    ...(data === undefined ? {} : { data }),
    settings,
  };
}

function isSetting(word: string): boolean {
  return /^[A-Za-z_][\w.-]*=/.test(word);
}

/** Throws for spaces around an equals sign: `epochs = 50`, `epochs= 50` or `epochs =50`. */
function refuseSpaces(words: readonly string[]): void {
  for (const [index, word] of words.entries()) {
    const [before, after] = [words[index - 1], words[index + 1]];
    const name = /^([A-Za-z_]\w*)=$/.exec(word)?.[1];
    if (name !== undefined && name !== "data") throw createMissingValueError(word, after ?? "…");
    if (!word.startsWith("=")) continue;
    const value = word === "=" ? (after ?? "…") : word.slice(1);
    throw createWrongFormError(
      `${before === undefined ? "" : `${before} `}${word}${word === "=" ? ` ${value}` : ""}`,
      `${before ?? "key"}=${value}`,
    );
  }
}

function createMissingValueError(word: string, value: string): UnitrainError {
  return createWrongFormError(word, `${word}${value}`);
}

function createWrongFormError(written: string, right: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `${written} has no value, or a space beside its equals sign.`, {
    hint: `Write it without spaces: ${right}`,
  });
}

/** Creates the error for two datasets. If one is probably an option with a space instead of `=`, as in `./pallets epochs 50`, it says so. */
function createTwoDatasetsError(words: readonly string[], data: string, another: string): UnitrainError {
  const bare = words.filter((word) => !isSetting(word));
  const at = bare.findIndex(
    (word, index) => /^[a-z][a-z\d_]*$/.test(word) && looksLikeValue(bare[index + 1]),
  );
  if (at !== -1) {
    const [name = "", value = ""] = bare.slice(at);
    return new UnitrainError("INVALID_OPTIONS", `${name} and ${value} are two words.`, {
      hint: `Write them as one word: ${name}=${value}`,
    });
  }
  return new UnitrainError("INVALID_OPTIONS", `Two datasets were named: ${data} and ${another}.`, {
    hint: "Name one folder, and write every option as key=value without spaces.",
  });
}

/** Returns whether a word looks like the value of an option (a number, a model or a switch) rather than a folder. */
function looksLikeValue(word: string | undefined): boolean {
  return word !== undefined && /^(-?[\d.]+(e-?\d+)?|true|false|none|cpu|.*\.(pt|yaml))$/i.test(word);
}
