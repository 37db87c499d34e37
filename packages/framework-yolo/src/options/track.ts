import { UnitrainError } from "@unitrain/core/spec";
import { suggest } from "./suggest.ts";

/** Services that display a training's metrics. Both are disabled in Ultralytics' settings by default. */
export const trackers = ["wandb", "tensorboard"] as const;

export type Tracker = (typeof trackers)[number];

/** Checks a tracker's name or a list of them. Throws `INVALID_OPTIONS` for an unknown one. */
export function checkTrack(value: unknown): readonly Tracker[] {
  const wanted = Array.isArray(value) ? value : String(value).split(",");
  return trackers.filter((tracker): tracker is Tracker =>
    wanted.map((name) => checkTracker(String(name).trim())).includes(tracker),
  );
}

function checkTracker(name: string): string {
  if (trackers.some((tracker) => tracker === name)) return name;
  const suggestion = suggest(name, trackers);
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `track is ${JSON.stringify(name)}, which unitrain does not support.`,
    {
      hint: suggestion === undefined ? `Use ${trackers.join(" or ")}.` : `Did you mean ${suggestion}?`,
    },
  );
}
