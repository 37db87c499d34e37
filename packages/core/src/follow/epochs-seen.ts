import type { Progress, RunEvent } from "../spec/index.ts";

/** The last and the best of the complete epochs of a run. */
export interface EpochsSeen {
  readonly last?: Progress;
  /** The epoch with the best score; of several equal ones the last, because frameworks keep the newest of equal models. */
  readonly best?: { readonly done: number; readonly score: number };
}

/** Returns the epochs after one more event. Pure. */
export function addEpoch(seen: EpochsSeen, event: RunEvent): EpochsSeen {
  // Another attempt trains all of them again.
  if (event.type === "attempt") return {};
  if (event.type !== "progress" || !event.complete) return seen;
  const { done, score } = event;
  // An epoch that was trained again replaces the one before it.
  const before = seen.best?.done === done ? undefined : seen.best;
  const isBest = score !== undefined && score >= (before?.score ?? Number.NEGATIVE_INFINITY);
  const best = isBest ? { done, score } : before;
  return { last: event, ...(best === undefined ? {} : { best }) };
}
