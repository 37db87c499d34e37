import type { RunEventBody } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";

type ProgressEvent = Extract<RunEventBody, { type: "progress" }>;
type Warning = Extract<RunEventBody, { type: "warning" }>;

/**
 * Returns a function that warns once if, at its pace, a training will not be finished when its limit is reached. It does not judge
 * by the first epoch, which is often slower.
 */
export function watchProjection(
  clock: Clock,
  stopAt: string | undefined,
): (progress: ProgressEvent) => Warning | undefined {
  let isReported = false;
  return ({ unit, done, total, secondsPerEpoch, secondsLeft }) => {
    if (isReported || stopAt === undefined || done < 2 || total === undefined) return undefined;
    if (secondsPerEpoch === undefined || secondsLeft === undefined || secondsPerEpoch <= 0) return undefined;
    const haveSeconds = Math.max(0, (Date.parse(stopAt) - clock.now()) / 1000);
    if (secondsLeft <= haveSeconds) return undefined;
    isReported = true;
    const reachable = total - Math.ceil((secondsLeft - haveSeconds) / secondsPerEpoch);
    return {
      type: "warning",
      phase: "train",
      message: `At ${secondsPerEpoch.toFixed(secondsPerEpoch < 10 ? 1 : 0)} s per ${unit}, the limit will stop the training after about ${Math.max(done, reachable)} of ${total} ${unit}s.`,
      hint: `All ${unit}s need about ${Math.ceil((secondsLeft - haveSeconds) / 60)} minutes more than the limit allows. The best model until then is downloaded.`,
    };
  };
}
