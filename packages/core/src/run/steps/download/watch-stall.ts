import { formatMinutes, UnitrainError } from "../../../spec/index.ts";
import type { DownloadingRun } from "./active-download.ts";

/** How long a download from a rented machine may make no progress before it is aborted, because the machine costs money. */
const stalledAfterMs = 10 * 60_000;

export interface StallWatch {
  /** Aborted with the caller's signal, or when the download has made no progress for too long. */
  readonly signal: AbortSignal;
  moved(): void;
  cancel(): void;
}

/** Aborts the download of a file at the end of a run on a rented machine if it hangs. */
export function watchStall(
  { clock, provider }: Pick<DownloadingRun, "clock" | "provider">,
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
      else stalled.abort(createStallError());
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

function createStallError(): UnitrainError {
  return new UnitrainError(
    "TIMED_OUT",
    `The download was aborted: it made no progress for ${formatMinutes(stalledAfterMs)} on a rented machine.`,
    { hint: "Check the connection to the machine before you start again. Downloaded files are kept." },
  );
}
