import type { ClassCount } from "@unitrain/core/spec";
import type { Tally } from "./tally.ts";

/** How many objects of each class train and val have, in the order of their ids. */
export function countClassObjects(
  names: readonly string[],
  singleClass: boolean,
  train: Tally | undefined,
  val: Tally | undefined,
): readonly ClassCount[] {
  const countAll = (tally: Tally | undefined): number =>
    [...(tally?.kept.values() ?? [])].reduce((sum, count) => sum + count, 0);
  // Ultralytics' own name for what all classes become.
  if (singleClass) return [{ name: "item", train: countAll(train), val: countAll(val) }];
  return names.map((name, id) => ({ name, train: train?.kept.get(id) ?? 0, val: val?.kept.get(id) ?? 0 }));
}
