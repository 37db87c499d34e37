import type { Progress, RunEvent } from "@unitrain/core/spec";

type ProgressEvent = Extract<RunEvent, { readonly type: "progress" }>;

/** Formats the position of a training: `epoch 5/12`, or `step 300` if its end is unknown. */
export function formatPosition({ unit, done, total }: Pick<Progress, "unit" | "done" | "total">): string {
  return `${unit} ${done}${total === undefined ? "" : `/${total}`}`;
}

/** Returns the completed share of a training, from 0 to 1, including the batches of the current epoch. Undefined if its end is unknown. */
export function calculateShareDone({ done, total, complete, batch }: Progress): number | undefined {
  if (total === undefined || total <= 0) return undefined;
  const within = batch === undefined ? 0 : batch.done / Math.max(1, batch.total);
  return Math.max(0, Math.min(1, (complete ? done : done - 1 + within) / total));
}

/** Estimates the end of a training in milliseconds since 1970. Undefined if it cannot be estimated yet. */
export function estimateEnd({
  at,
  secondsLeft,
}: Pick<ProgressEvent, "at" | "secondsLeft">): number | undefined {
  return secondsLeft === undefined ? undefined : Date.parse(at) + secondsLeft * 1000;
}
