import type { Run } from "@unitrain/core";
import { duration } from "./render/figures.ts";
import { styled } from "./render/line.ts";
import type { Screen } from "./screen/screen.ts";

/** Keeps `--max-hours` for as long as this process drives the run: then it is stopped, and its best model brought home. */
export function stopWhenTimeIsUp(run: Run, screen: Screen, now: () => number): { cancel(): void } {
  const { maxHours } = run.plan;
  if (maxHours === undefined || run.role === "follower") return { cancel: () => {} };
  const endsAt = Date.parse(run.plan.createdAt) + maxHours * 3_600_000;
  const look = () => {
    // Looked at again and again, not set once: a computer that slept must not add its sleep.
    if (now() < endsAt) return;
    clearInterval(timer);
    screen.say([
      [
        styled("yellow", "! "),
        `The limit of ${duration(maxHours * 3600)} is reached: stopping, and bringing home what there is.`,
      ],
    ]);
    run.stop().catch(() => {});
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return { cancel: () => clearInterval(timer) };
}

const lookEveryMs = 1_000;
