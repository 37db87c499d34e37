import { formatMinutes, UnitrainError } from "../../../spec/index.ts";
import type { ActiveRun } from "../../active-run.ts";

/** A rented machine is not paid for a download in which nothing moves. */
const stalledAfterMs = 10 * 60_000;

export interface StallWatch {
  /** Aborted as well when nothing has moved for long. */
  readonly signal: AbortSignal;
  moved(): void;
  cancel(): void;
}

/** Watches one file's download at the end of a run on a rented machine: one that hangs is given up. */
export function watchStall(
  { clock, provider }: ActiveRun,
  { signal, purpose }: { readonly signal: AbortSignal; readonly purpose: "end" | "pull" },
): StallWatch {
  if (provider.ownership !== "rented" || purpose === "pull")
    return { signal, moved: () => {}, cancel: () => {} };
  const stalled = new AbortController();
  let movedAt = clock.now();
  const arm = (ms: number) =>
    clock.after(ms, () => {
      const leftMs = movedAt + stalledAfterMs - clock.now();
      if (leftMs > 0) alarm = arm(leftMs);
      else stalled.abort(hasStalled());
    });
  let alarm = arm(stalledAfterMs);
  return {
    signal: AbortSignal.any([signal, stalled.signal]),
    moved() {
      movedAt = clock.now();
    },
    cancel: () => alarm.cancel(),
  };
}

function hasStalled(): UnitrainError {
  return new UnitrainError(
    "TIMED_OUT",
    `The download was given up: nothing moved for ${formatMinutes(stalledAfterMs)}, and the machine costs.`,
    { hint: "What was downloaded is kept. Look at the connection to the machine before you start again." },
  );
}
