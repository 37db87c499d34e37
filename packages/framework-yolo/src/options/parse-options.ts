import { UnitrainError } from "@unitrain/core/spec";
import { isTrainArgument, trainArguments } from "./arguments.ts";
import { checkEach, type YoloOptions } from "./options.ts";
import { type ArgumentValue, parseScalar } from "./scalar.ts";
import { isTaskName, otherModes } from "./tasks.ts";

/**
 * Parses options in the form `key=value` as YOLO's users write them on a command line. The words `yolo`, `train` and a
 * task may precede them. Each option is checked alone, because others may come from a configuration file; `yolo()`
 * checks how they go together.
 *
 * @param words Words of the command line, such as `["epochs=12", "imgsz=128"]`.
 * @returns Options for `yolo()`.
 * @throws UnitrainError `INVALID_OPTIONS` that names the first invalid option.
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
  if (key === "") throw createNoValueError(word, "Write the name of the option before the equals sign.");
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
