import { UnitrainError } from "@unitrain/core/spec";
import { isTrainArgument, trainArguments } from "./arguments.ts";
import { checkEach, type YoloOptions } from "./options.ts";
import { type ArgumentValue, parseScalar } from "./scalar.ts";
import { isTaskName, otherModes } from "./tasks.ts";

/**
 * Options out of the words of a command line, as YOLO's users write them. `yolo`, `train` and a task may stand before them.
 * Each is checked for itself, since more of them may come from elsewhere; `yolo()` checks the whole.
 * Throws `INVALID_OPTIONS` that names the first wrong one.
 *
 * @example
 * ```ts
 * import { parseOptions, yolo } from "@unitrain/framework-yolo";
 *
 * const framework = yolo(parseOptions(["model=yolo11n.yaml", "epochs=12", "imgsz=128", "plots=False"]));
 * ```
 */
export function parseOptions(words: readonly string[]): YoloOptions {
  const parsed: Record<string, ArgumentValue> = {};
  for (const word of words) {
    const [key, value] = parseWord(word);
    if (key !== undefined) parsed[key] = value;
  }
  const options = parsed as YoloOptions;
  checkEach(options);
  return options;
}

function parseWord(word: string): readonly [key: string | undefined, value: ArgumentValue] {
  const plain = word.replace(/^--/, "");
  const equals = plain.indexOf("=");
  if (equals === -1) return parseBareWord(plain);
  const key = plain.slice(0, equals).trim();
  const text = plain.slice(equals + 1);
  if (key === "") throw createNoValueError(word, "It begins with the equals sign.");
  if (text.trim() === "")
    throw createNoValueError(key, `Write \`${key}=…\`, with no space around the equals sign.`);
  const asText =
    ["version", "code", "pip", "track", "trainer", "validator", "callbacks"].includes(key) ||
    (isTrainArgument(key) && ["text", "split"].includes(trainArguments[key]));
  return [key, asText ? text.trim() : parseScalar(text)];
}

function parseBareWord(word: string): readonly [key: string | undefined, value: ArgumentValue] {
  if (word === "yolo" || word === "train") return [undefined, null];
  if (isTaskName(word)) return ["task", word];
  if ((otherModes as readonly string[]).includes(word)) {
    throw new UnitrainError("INVALID_OPTIONS", `unitrain does not ${word}: it only trains.`, {
      hint: `Run \`yolo ${word}\` with the downloaded model.`,
    });
  }
  if (isTrainArgument(word) && trainArguments[word] === "flag") return [word, true];
  throw createNoValueError(
    word,
    `Options are written \`key=value\`${isTrainArgument(word) ? `: \`${word}=…\`` : ""}.`,
  );
}

const createNoValueError = (word: string, hint: string) =>
  new UnitrainError("INVALID_OPTIONS", `${word} has no value.`, { hint });
