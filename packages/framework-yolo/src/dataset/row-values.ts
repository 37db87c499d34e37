import type { LabelFault, LabelRules } from "./label-rules.ts";
import type { Tally } from "./tally.ts";

/** Matches characters of numbers in Python; JavaScript also accepts `0x1f` and `Infinity`. */
const numberPattern = /^[\d.eE+-]+$/;

/** Parses columns as 32-bit numbers, as Ultralytics does; undefined, with a report, when one is not a number. */
export function readNumbers(
  columns: readonly string[],
  report: (fault: LabelFault) => void,
): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const column of columns) {
    const number = Number(column);
    if (!numberPattern.test(column) || !Number.isFinite(number)) {
      report(createError("numbers", `${JSON.stringify(column.slice(0, 40))} is not a number.`));
      return undefined;
    }
    numbers.push(Math.fround(number));
  }
  return numbers;
}

/** Returns what is wrong with the class of a row, if anything, and counts it. */
export function findClassFault(
  numbers: readonly number[],
  { classes, singleClass }: LabelRules,
  tally: Tally,
): LabelFault | undefined {
  const [id = 0] = numbers;
  if (!Number.isInteger(id)) return createError("class ids", `The class ${id} is not a whole number.`);
  tally.countId(id);
  if (id >= 0 && (singleClass || id < classes)) return undefined;
  const range = classes === 1 ? "only the class 0" : `the classes 0 to ${classes - 1}`;
  const hint = id === classes ? " Ids begin at 0." : "";
  return createError("class ids", `There is no class ${id}: data.yaml names ${range}.${hint}`);
}

const createError = (kind: LabelFault["kind"], message: string): LabelFault => ({
  kind,
  severity: "error",
  message,
});
