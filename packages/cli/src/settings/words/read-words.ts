import { type FrameworkCommandLine, UnitrainError } from "@unitrain/core/spec";
import { joinLists } from "./join-lists.ts";

/** What stands behind `unitrain train` without dashes. */
export interface TrainingWords {
  /** The dataset, as it was written; the config file may name one. */
  readonly data?: string;
  /** `epochs=50` and the like: the framework's own. */
  readonly settings: readonly string[];
}

/**
 * Reads `./pallets model=small epochs=50`, also as users of the framework's own program write it. A folder whose name holds a
 * `=` is written with a `./` before it. Throws `INVALID_OPTIONS` that shows the right form.
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

/** `epochs = 50`, `epochs= 50`, `epochs =50`. */
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
  return new UnitrainError("INVALID_OPTIONS", `${written} has no value, or spaces around its equals sign.`, {
    hint: `Write it in one: ${right}`,
  });
}

/** `./pallets epochs 50`: a name and its value as two words are most likely no second dataset. */
function createTwoDatasetsError(words: readonly string[], data: string, another: string): UnitrainError {
  const bare = words.filter((word) => !isSetting(word));
  const at = bare.findIndex(
    (word, index) => /^[a-z][a-z\d_]*$/.test(word) && looksLikeValue(bare[index + 1]),
  );
  if (at !== -1) {
    const [name = "", value = ""] = bare.slice(at);
    return new UnitrainError("INVALID_OPTIONS", `${name} and ${value} are two words.`, {
      hint: `Write it in one: ${name}=${value}`,
    });
  }
  return new UnitrainError("INVALID_OPTIONS", `Two datasets were named: ${data} and ${another}.`, {
    hint: "Name one folder; every other word is key=value, without spaces around the =.",
  });
}

/** A number, a model or a switch: no folder that somebody trains on. */
function looksLikeValue(word: string | undefined): boolean {
  return word !== undefined && /^(-?[\d.]+(e-?\d+)?|true|false|none|cpu|.*\.(pt|yaml))$/i.test(word);
}
