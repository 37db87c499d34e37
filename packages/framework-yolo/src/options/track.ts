import { UnitrainError } from "@unitrain/core/spec";
import { suggest } from "./suggest.ts";

/** Where a training's curves may be shown. Off in Ultralytics' own settings until switched on. */
export const trackers = ["wandb", "tensorboard"] as const;

export type Tracker = (typeof trackers)[number];

/** One, or a list. Throws `INVALID_OPTIONS`. */
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
    `track is ${JSON.stringify(name)}, which unitrain cannot switch on.`,
    {
      hint:
        suggestion === undefined
          ? `It can switch on ${trackers.join(" and ")}.`
          : `Did you mean ${suggestion}?`,
    },
  );
}
