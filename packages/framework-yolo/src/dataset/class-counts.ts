import type { ClassCount } from "@unitrain/core/spec";
import type { Tally } from "./tally.ts";

/** Counts the objects of each class in train and val, in the order of the class ids. */
export function countClassObjects(
  names: readonly string[],
  singleClass: boolean,
  train: Tally | undefined,
  val: Tally | undefined,
): readonly ClassCount[] {
  const countAll = (tally: Tally | undefined): number =>
    [...(tally?.kept.values() ?? [])].reduce((sum, count) => sum + count, 0);
  // Ultralytics' name of the merged class.
  if (singleClass) return [{ name: "item", train: countAll(train), val: countAll(val) }];
  return names.map((name, id) => ({ name, train: train?.kept.get(id) ?? 0, val: val?.kept.get(id) ?? 0 }));
}
