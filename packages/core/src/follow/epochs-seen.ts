import type { Progress, RunEvent } from "../spec/index.ts";

/** What the complete epochs of a run so far come to. */
export interface EpochsSeen {
  readonly last?: Progress;
  /** The epoch whose score was the best: of several alike the last, as frameworks keep the newest of equal models. */
  readonly best?: { readonly done: number; readonly score: number };
}

/** One event further. Pure. */
export function addEpoch(seen: EpochsSeen, event: RunEvent): EpochsSeen {
  if (event.type !== "progress" || !event.complete) return seen;
  const { done, score } = event;
  // An epoch that was trained again replaces the one before it.
  const before = seen.best?.done === done ? undefined : seen.best;
  const isBest = score !== undefined && score >= (before?.score ?? Number.NEGATIVE_INFINITY);
  const best = isBest ? { done, score } : before;
  return { last: event, ...(best === undefined ? {} : { best }) };
}
