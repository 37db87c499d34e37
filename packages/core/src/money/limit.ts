import { type Deadline, type Limit, type Quote, UnitrainError } from "../spec/index.ts";
import { costUsd, hourlyUsd } from "./cost.ts";

/** For the model and the way back; a machine of one's own needs neither. */
const heldBackSeconds = 180;
/** A training that is stopped before it has begun is money for nothing. */
const shortestTrainingSeconds = 120;

export interface LimitGiven {
  readonly ownership: "rented" | "borrowed";
  readonly quote: Quote;
  readonly budgetUsd?: number | undefined;
  readonly maxHours?: number | undefined;
}

/** Budget and hours become one figure; undefined when the user set none. */
export function limitOf(given: LimitGiven): Limit | undefined {
  const { ownership, quote, budgetUsd, maxHours } = given;
  const byHours = maxHours === undefined ? Number.POSITIVE_INFINITY : maxHours * 3600;
  if (ownership === "borrowed")
    return maxHours === undefined ? undefined : { seconds: byHours, heldBackSeconds: 0 };
  const byBudget = budgetUsd === undefined ? Number.POSITIVE_INFINITY : secondsFor(budgetUsd, quote);
  const seconds = Math.min(byHours, byBudget);
  if (!Number.isFinite(seconds)) return undefined;
  const needed = quote.bootSeconds.likely + shortestTrainingSeconds + heldBackSeconds;
  if (seconds < needed) throw tooSmall(given, needed, byBudget <= byHours);
  return { seconds, heldBackSeconds };
}

/** From the moment in which the intent is written: before anything is billed. */
export function deadlineFrom(startMs: number, { seconds, heldBackSeconds }: Limit): Deadline {
  const at = (afterSeconds: number) => new Date(startMs + afterSeconds * 1000).toISOString();
  return { stopAt: at(seconds - heldBackSeconds), endsBy: at(seconds) };
}

/** Whole billing ticks only: one more would be paid in full. */
function secondsFor(budgetUsd: number, quote: Quote): number {
  if (quote.upfrontUsd !== "unknown" && quote.upfrontUsd > budgetUsd) {
    throw new UnitrainError(
      "BUDGET_TOO_SMALL",
      `${quote.machine} costs $${quote.upfrontUsd.toFixed(2)} at launch, whatever is done with it; the budget is $${budgetUsd.toFixed(2)}.`,
      { hint: "Raise the budget, or take another machine: `unitrain offers`.", phase: "plan" },
    );
  }
  const hourly = hourlyUsd(quote);
  if (hourly === 0) return Number.POSITIVE_INFINITY;
  const seconds = (budgetUsd / hourly) * 3600;
  return Math.floor(seconds / quote.billingTickSeconds) * quote.billingTickSeconds;
}

function tooSmall(given: LimitGiven, neededSeconds: number, byBudget: boolean): UnitrainError {
  const { quote, budgetUsd = 0, maxHours } = given;
  const minutes = Math.ceil(neededSeconds / 60);
  const needs = `the shortest run needs about ${minutes} minutes (boot, a start, the way home)`;
  if (!byBudget) {
    return new UnitrainError("INVALID_OPTIONS", `maxHours is ${maxHours}, and ${needs}.`, {
      hint: `Allow at least ${(Math.ceil((neededSeconds / 3600) * 100) / 100).toFixed(2)} hours.`,
      phase: "plan",
    });
  }
  const usd = costUsd(neededSeconds, quote);
  return new UnitrainError(
    "BUDGET_TOO_SMALL",
    `$${budgetUsd.toFixed(2)} pay for ${Math.floor(((budgetUsd / hourlyUsd(quote)) * 3600) / 60)} minutes of ${quote.machine}; ${needs}.`,
    {
      hint: `Allow at least $${(Math.ceil(usd * 100) / 100).toFixed(2)}, or take a cheaper machine.`,
      phase: "plan",
    },
  );
}
