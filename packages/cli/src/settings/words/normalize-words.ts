import type { FrameworkCommandLine } from "@unitrain/core/spec";
import { splitLine } from "./split-line.ts";

/**
 * Our own words for a command line as people bring it: a whole line of the framework's own program (`program train data=…`), also
 * quoted as one argument, also with the `!` of notebooks, also behind our own `train` or `plan`.
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

/** A pasted line that is one argument becomes its words; the `!` before it goes. */
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
