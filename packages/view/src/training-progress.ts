import type { Progress, RunEvent } from "@unitrain/core/spec";

type ProgressEvent = Extract<RunEvent, { readonly type: "progress" }>;

/** Returns where a training stands: `epoch 5/12`, or `step 300` where its end is not known. */
export function formatPosition({ unit, done, total }: Pick<Progress, "unit" | "done" | "total">): string {
  return `${unit} ${done}${total === undefined ? "" : `/${total}`}`;
}

/** Returns how much of a training is done, from 0 to 1, the batches of the present epoch included; undefined where its end is not known. */
export function calculateShareDone({ done, total, complete, batch }: Progress): number | undefined {
  if (total === undefined || total <= 0) return undefined;
  const within = batch === undefined ? 0 : batch.done / Math.max(1, batch.total);
  return Math.max(0, Math.min(1, (complete ? done : done - 1 + within) / total));
}

/** Returns when a training will likely be over, in milliseconds since 1970; undefined while that cannot be told. */
export function estimateEnd({
  at,
  secondsLeft,
}: Pick<ProgressEvent, "at" | "secondsLeft">): number | undefined {
  return secondsLeft === undefined ? undefined : Date.parse(at) + secondsLeft * 1000;
}
