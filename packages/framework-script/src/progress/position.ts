import type { Progress } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";

/** Where a training is, as a line of its log says. */
export interface Position {
  readonly unit: "epoch" | "step";
  readonly done: number;
  readonly total?: number;
  /** The epoch is given as a fraction, as in `'epoch': 1.5`, and goes on. */
  readonly isFraction: boolean;
  /** The log names no epochs: its lines are counted. */
  readonly isCounted?: boolean;
}

/** How most scripts print it: `Epoch 3/10`, `epoch: 3`, `[epoch 3 of 10]`, `'epoch': 1.5`. */
const usualEpoch =
  /\bepochs?["']?[ \t]{0,4}[:=#[(]?[ \t]{0,4}["']?(\d{1,12})(\.\d{1,9})?(?:[ \t]{0,4}(?:\/|of)[ \t]{0,4}(\d{1,12}))?/i;

const largestCount = 1e12;

/** Finds the epoch or step in a line; undefined if it names none. */
export function findPosition(line: string, position: CheckedOptions["position"]): Position | undefined {
  if (position === undefined) {
    const [, done, fraction, total] = usualEpoch.exec(line) ?? [];
    return done === undefined ? undefined : toPosition("epoch", `${done}${fraction ?? ""}`, total);
  }
  const { unit, pattern } = position;
  const groups = pattern.findLast(line);
  if (groups === undefined) return undefined;
  return toPosition(unit, groups.get(unit) ?? groups.get(1), groups.get(`${unit}s`) ?? groups.get(2));
}

function toPosition(
  unit: Position["unit"],
  text: string | undefined,
  totalText: string | undefined,
): Position | undefined {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= largestCount)) return undefined;
  const total = Number(totalText ?? Number.NaN);
  return {
    unit,
    done: Math.ceil(value),
    ...(Number.isInteger(total) && total > 0 && total <= largestCount ? { total } : {}),
    isFraction: !Number.isInteger(value),
  };
}

/** Finds how far a progress bar is, as tqdm draws it: ` 50%|#####     | 5/10 [00:01<00:01]`. */
export function findBar(line: string): Progress["batch"] | undefined {
  const [, done, total] = /\d%\|[^|]{0,300}\|[ \t]{0,4}(\d{1,12})\/(\d{1,12})/.exec(line) ?? [];
  return done === undefined || Number(total) === 0 ? undefined : { done: Number(done), total: Number(total) };
}
