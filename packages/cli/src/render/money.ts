import type { Quote } from "@unitrain/core";
import { clockTime, dollars } from "./figures.ts";
import { limitBudget } from "./limit-text.ts";
import { fitting } from "./line.ts";
import { isRented, type RunView } from "./run-view.ts";

/** Bringing home and giving back, until it was seen how long that takes. */
const finishGuessSeconds = 60;

/** `$0.60 now   $1.44 at the end   stops by itself 18:37 ($8.00)`. Nothing for a machine that costs nothing. */
export function moneyLine(view: RunView, now: number, width: number): string {
  const { plan, deadline, leaseStartedAt } = view;
  if (plan === undefined || !isRented(view) || leaseStartedAt === undefined) return "";
  const usdPerSecond = hourlyUsd(plan.quote) / 3600;
  const spent = Math.max(0, (now - leaseStartedAt) / 1000) * usdPerSecond;
  const left = secondsLeft(view, now);
  const parts = [
    `${dollars(spent)} now`,
    left === undefined ? "" : `${dollars(spent + left * usdPerSecond)} at the end`,
    deadline === undefined
      ? `${dollars(hourlyUsd(plan.quote))}/h, no limit`
      : `stops by itself ${clockTime(Date.parse(deadline.stopAt))}${limitBudget(plan)}`,
  ];
  return fitting(parts, width, "   ");
}

/** What is known of an hour's price; what is unknown of it stood in the plan. */
function hourlyUsd({ priceUsdPerHour, otherUsdPerHour }: Quote): number {
  return priceUsdPerHour + (otherUsdPerHour === "unknown" ? 0 : otherUsdPerHour);
}

/** To the end of everything, once two epochs have shown their pace. */
function secondsLeft({ plan, progress, epochs }: RunView, now: number): number | undefined {
  if (progress?.secondsLeft === undefined || epochs.size < 2) return undefined;
  const training = Math.max(0, progress.secondsLeft - (now - Date.parse(progress.at)) / 1000);
  const finish = plan?.prediction?.phases.find(({ phase }) => phase === "finish")?.seconds.likely;
  return training + (finish ?? finishGuessSeconds);
}
