import type { Task } from "../options/tasks.ts";
import { isBefore } from "../options/version.ts";

/** The first version that uses mAP50-95 alone; in older ones mAP50 contributes a tenth. */
const firstVersionWithoutMap50 = "8.3.198";

/**
 * Computes the fitness by which that version of Ultralytics chooses `best.pt`; undefined when the epoch was not
 * validated.
 */
export function computeFitness(
  task: Task,
  metrics: Readonly<Record<string, number>>,
  version: string,
): number | undefined {
  const scoreBoxes = (suffix: string) => {
    const [strict, loose] = [metrics[`mAP50-95${suffix}`], metrics[`mAP50${suffix}`]];
    if (strict === undefined) return undefined;
    return isBefore(version, firstVersionWithoutMap50) ? 0.9 * strict + 0.1 * (loose ?? 0) : strict;
  };
  switch (task) {
    case "segment":
      return addScores(scoreBoxes(""), scoreBoxes("(M)"));
    case "pose":
      return addScores(scoreBoxes(""), scoreBoxes("(P)"));
    case "classify": {
      const both = addScores(metrics.accuracy_top1, metrics.accuracy_top5);
      return both === undefined ? undefined : both / 2;
    }
    default:
      return scoreBoxes("");
  }
}

function addScores(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
