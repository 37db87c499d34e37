import type { LabelFault, LabelRules } from "./label-lines.ts";
import { placesFault } from "./row-places.ts";
import type { RowShape } from "./row-shapes.ts";
import type { Tally } from "./tally.ts";

/** Letters that JavaScript takes in numbers and Python does not: `0x1f`, `Infinity`. */
const plainLetters = /^[\d.eE+-]+$/;

/** What is wrong with the values of a row, if anything; adds up its class. */
export function valueFault(
  columns: readonly string[],
  shape: RowShape,
  rules: LabelRules,
  tally: Tally,
): LabelFault | undefined {
  const numbers: number[] = [];
  for (const column of columns) {
    const number = Number(column);
    if (!plainLetters.test(column) || !Number.isFinite(number)) {
      return error("numbers", `${shownText(column)} is not a number.`);
    }
    // As Ultralytics keeps them: 1.0100000001 is 1.01.
    numbers.push(Math.fround(number));
  }
  const [id = 0] = numbers;
  if (!Number.isInteger(id)) {
    return error("class ids", `The class ${shownText(columns[0] ?? "")} is not a whole number.`);
  }
  tally.countId(id);
  if (id < 0 || (!rules.singleClass && id >= rules.classes)) {
    return error("class ids", classMessage(id, rules.classes));
  }
  return placesFault(numbers, shape, rules, tally);
}

function classMessage(id: number, classes: number): string {
  const range = classes === 1 ? "only the class 0" : `the classes 0 to ${classes - 1}`;
  const hint = id === classes ? " Ids begin at 0." : "";
  return `There is no class ${id}: data.yaml names ${range}.${hint}`;
}

const error = (kind: LabelFault["kind"], message: string): LabelFault => ({
  kind,
  severity: "error",
  message,
});

const shownText = (text: string): string => JSON.stringify(text.slice(0, 40));
