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
  const seconds = Math.max(0, (now - leaseStartedAt) / 1000);
  const left = secondsLeft(view, now);
  const parts = [
    `${dollars(costUsd(seconds, plan.quote))} now`,
    left === undefined ? "" : `${dollars(costUsd(seconds + left, plan.quote))} at the end`,
    deadline === undefined
      ? `${dollars(hourlyUsd(plan.quote))}/h, no limit`
      : `stops by itself ${clockTime(Date.parse(deadline.stopAt))}${limitBudget(plan)}`,
  ];
  return fitting(parts, width, "   ");
}

/** Whole billing ticks, as the receipt will have it. */
function costUsd(seconds: number, quote: Quote): number {
  const ticks = Math.ceil(seconds / quote.billingTickSeconds) * quote.billingTickSeconds;
  const upfrontUsd = quote.upfrontUsd === "unknown" ? 0 : quote.upfrontUsd;
  return Math.max(upfrontUsd, (ticks / 3600) * hourlyUsd(quote));
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
