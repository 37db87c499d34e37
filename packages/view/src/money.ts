import { calculateCostUsd, calculateHourlyUsd, formatUsd } from "@unitrain/core/spec";
import { formatTime } from "./format/time.ts";
import { limitBudget } from "./limit-text.ts";
import { isRented, type RunView } from "./run-view.ts";
import { estimateEnd } from "./training-progress.ts";

/** Downloading and releasing, until it was seen how long that takes. */
const defaultFinishSeconds = 60;

/** `$0.60 now`, `$1.44 at the end`, `stops at 18:37 ($8.00)`. The list is empty for a machine that costs nothing. */
export function describeCosts(view: RunView, now: number): string[] {
  const { plan, deadline, paidSince } = view;
  if (plan === undefined || !isRented(view)) return [];
  const seconds = paidSince === undefined ? 0 : Math.max(0, (now - paidSince) / 1000);
  const remainingSeconds = secondsLeft(view, now);
  return [
    paidSince === undefined
      ? "nothing to pay yet"
      : `${formatUsd(calculateCostUsd(seconds, plan.quote))} now`,
    ...(remainingSeconds === undefined
      ? []
      : [`${formatUsd(calculateCostUsd(seconds + remainingSeconds, plan.quote))} at the end`]),
    deadline === undefined
      ? `${formatUsd(calculateHourlyUsd(plan.quote))}/h, no limit`
      : `stops at ${formatTime(Date.parse(deadline.stopAt))}${limitBudget(plan)}`,
  ];
}

/** To the end of everything, once two epochs have shown their pace. */
function secondsLeft({ plan, progress, epochs }: RunView, now: number): number | undefined {
  const end = progress === undefined ? undefined : estimateEnd(progress);
  if (end === undefined || epochs.size < 2) return undefined;
  const finish = plan?.prediction?.phases.find(({ phase }) => phase === "finish")?.seconds.likely;
  return Math.max(0, (end - now) / 1000) + (finish ?? defaultFinishSeconds);
}
