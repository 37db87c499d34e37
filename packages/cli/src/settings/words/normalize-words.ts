import type { FrameworkCommandLine } from "@unitrain/core/spec";
import { splitLine } from "./split-line.ts";

/**
 * Turns a pasted command line of the framework's own program (`program train data=…`) into words of unitrain. The line may be
 * quoted as one argument, may start with the `!` of notebooks, and may follow `train` or `plan`.
 */
export function normalizeWords(
  commandWords: readonly string[],
  { pastedLines }: Pick<FrameworkCommandLine, "pastedLines">,
): readonly string[] {
  const [first = "", ...rest] = commandWords;
  const matches = (words: readonly string[]) => pastedLines?.matches(words) === true;
  if (first === "train" || first === "plan") return [first, ...splitPastedLine(rest, matches)];
  const words = splitPastedLine(commandWords, matches);
  return matches(words) ? ["train", ...words] : commandWords;
}

/** Splits a pasted line that is a single argument into words, and removes a leading `!`. */
function splitPastedLine(
  words: readonly string[],
  matches: (words: readonly string[]) => boolean,
): readonly string[] {
  return words.flatMap((word, index) => {
    const line = index === 0 ? word.replace(/^\s*[!%]\s*/, "") : word;
    const parts = splitLine(line);
    return parts.length > 1 && matches(parts) ? parts : [line];
  });
}
