import { type Deadline, formatMinutes, type Limit, UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";

/** For the model of a run whose limit was slept past: that time is paid anyway, and the model is what it was paid for. */
const lateGraceMs = 60_000;

/** Keeps a run's deadline. Both moments are absolute: a computer that slept past one acts as soon as it wakes. */
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

/** Why a run without a training ends at its limit. */
export function isLimitReached(limit: Limit | undefined): UnitrainError {
  const minutes = Math.round((limit?.seconds ?? 0) / 60);
  return new UnitrainError(
    "TIMED_OUT",
    `The limit of the run (${minutes} minutes in all) was reached before the training had begun.`,
    { hint: "Allow more, or look at what took so long: the receipt has the seconds of each phase." },
  );
}

/** Why a run ends although not everything is downloaded. */
export function timeIsOver(): UnitrainError {
  return new UnitrainError("TIMED_OUT", "The run's limit was reached before everything was downloaded.", {
    hint: "What was downloaded is kept. The machine was released, since it costs; allow more next time.",
  });
}

/** Why a download is given up although the run has no limit: its machine costs. */
export function notWithin(ms: number): UnitrainError {
  return new UnitrainError(
    "TIMED_OUT",
    `The training was not stopped and its model not downloaded within ${formatMinutes(ms)}: its machine was released.`,
    {
      hint: "What was downloaded is kept. Allow more time the next time.",
      action: { type: "set", option: "downloadWithinMs" },
    },
  );
}
