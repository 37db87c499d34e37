import { splitLine } from "./split-line.ts";
import { beginsLikeYolo } from "./yolo-words.ts";

/**
 * Our own words for a command line as people bring it: `detect train data=…`, a whole `yolo …` line, also quoted as one
 * argument, also with the `!` of notebooks, also behind our own `train` or `plan`.
 */
export function asTyped(typed: readonly string[]): readonly string[] {
  const [first = "", ...rest] = typed;
  if (first === "train" || first === "plan") return [first, ...pasted(rest)];
  const words = pasted(typed);
  return beginsLikeYolo(words) ? ["train", ...words] : typed;
}

/** A `yolo` line that is one argument becomes its words; the `!` before it goes. */
function pasted(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const line = index === 0 ? word.replace(/^\s*[!%]\s*/, "") : word;
    return /^\s*(?:yolo\s|(?:detect|segment|classify|pose|obb)\s+train\s)/.test(line)
      ? splitLine(line)
      : [line];
  });
}
