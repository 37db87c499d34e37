import { UnitrainError } from "@unitrain/core/spec";
import { withoutTask } from "./yolo-words.ts";

/** What stands behind `unitrain train` without dashes. */
export interface Words {
  /** The dataset, as it was written. */
  readonly data: string;
  /** `epochs=50` and the like: the framework's own. */
  readonly settings: readonly string[];
}

/**
 * Reads `./pallets model=yolo11n.pt epochs=50`, also as YOLO's users write it: `detect train data=./pallets epochs=50`.
 * A folder whose name holds a `=` is written with a `./` before it.
 */
export function readWords(given: readonly string[]): Words {
  const { task, words } = withoutTask(given);
  const settings = words.filter((word) => isSetting(word) && !word.startsWith("data="));
  const sources = words.flatMap((word) =>
    word.startsWith("data=") ? [word.slice("data=".length)] : isSetting(word) ? [] : [word],
  );
  const [data, another] = sources;
  if (data === undefined || data === "") {
    throw new UnitrainError("INVALID_OPTIONS", "No dataset was named.", {
      hint: "Name its folder: unitrain train ./pallets model=yolo11n.pt epochs=50",
    });
  }
  if (another !== undefined) {
    throw new UnitrainError("INVALID_OPTIONS", `Two datasets were named: ${data} and ${another}.`, {
      hint: "Name one folder; every other word is key=value, without spaces around the =.",
    });
  }
  return { data, settings: task === undefined ? settings : [`task=${task}`, ...settings] };
}

function isSetting(word: string): boolean {
  return /^[A-Za-z_][\w.-]*=/.test(word);
}
