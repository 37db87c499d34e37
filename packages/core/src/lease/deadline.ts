import { type Deadline, formatMinutes, type Limit, UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";

/** Time to download the model when this computer slept past the limit: the machine's time is already paid, so the model is saved. */
const lateGraceMs = 60_000;

/** Enforces a run's deadline. Both times are absolute, so a computer that slept past one acts as soon as it wakes. */
export function armDeadline(
  clock: Clock,
  deadline: Deadline | undefined,
  onReached: { readonly stop: () => void; readonly end: () => void },
): { cancel(): void } {
  if (deadline === undefined) return { cancel: () => {} };
  let alarm = clock.at(Date.parse(deadline.stopAt), () => {
    onReached.stop();
    alarm = clock.at(Math.max(Date.parse(deadline.endsBy), clock.now() + lateGraceMs), onReached.end);
  });
  return { cancel: () => alarm.cancel() };
}

/** Creates the error of a run that reached its limit before the training started. */
export function createLimitReachedError(limit: Limit | undefined): UnitrainError {
  const minutes = Math.round((limit?.seconds ?? 0) / 60);
  return new UnitrainError(
    "TIMED_OUT",
    `The run's limit of ${minutes} minutes was reached before the training started.`,
    { hint: "Raise the limit, or see in the receipt how many seconds each phase took." },
  );
}

/** Creates the error of a run that reached its limit before everything was downloaded. */
export function createDeadlineError(): UnitrainError {
  return new UnitrainError("TIMED_OUT", "The run's limit was reached before everything was downloaded.", {
    hint: "Raise the limit for the next run. Downloaded files are kept; the machine was released to end its cost.",
  });
}

/** Creates the error of a stop and download that exceeded `downloadWithinMs`, after which the rented machine is released. */
export function createDownloadTimeoutError(ms: number): UnitrainError {
  return new UnitrainError(
    "TIMED_OUT",
    `The model was not downloaded within ${formatMinutes(ms)}, so the machine was released.`,
    {
      hint: "Downloaded files are kept. Allow more time for the download next time.",
      action: { type: "set", option: "downloadWithinMs" },
    },
  );
}
