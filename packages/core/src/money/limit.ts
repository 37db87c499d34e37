import {
  calculateCostUsd,
  calculateHourlyUsd,
  type Deadline,
  formatMinutes,
  formatUsd,
  type Limit,
  type PhaseEstimate,
  type Quote,
  UnitrainError,
} from "../spec/index.ts";

/** Reserved for downloading the model and releasing the machine. A borrowed machine is not released, so it needs no reserve. */
const heldBackSeconds = 180;
/** A limit that leaves less time for the training is refused, because the run would cost money without a result. */
const shortestTrainingSeconds = 120;

export interface LimitOptions {
  readonly ownership: "rented" | "borrowed";
  readonly quote: Quote;
  /** The plan's estimates of all phases but the training. */
  readonly phases?: readonly PhaseEstimate[];
  readonly budgetUsd?: number | undefined;
  readonly maxHours?: number | undefined;
}

/**
 * Returns the limit that follows from the budget and the maximum of hours, whichever comes first, or undefined if neither is set.
 *
 * @throws UnitrainError `BUDGET_TOO_SMALL` or `INVALID_OPTIONS` if the limit leaves no time for a training.
 */
export function calculateLimit(options: LimitOptions): Limit | undefined {
  const { ownership, quote, budgetUsd, maxHours } = options;
  const byHours = maxHours === undefined ? Number.POSITIVE_INFINITY : maxHours * 3600;
  if (ownership === "borrowed")
    return maxHours === undefined ? undefined : { seconds: byHours, heldBackSeconds: 0 };
  const byBudget =
    budgetUsd === undefined ? Number.POSITIVE_INFINITY : calculateAffordableSeconds(budgetUsd, quote);
  const seconds = Math.min(byHours, byBudget);
  if (!Number.isFinite(seconds)) return undefined;
  const shortest = estimateShortestRun(options);
  if (seconds < shortest.seconds) throw createTooSmallError(options, shortest, byBudget <= byHours);
  return { seconds, heldBackSeconds };
}

/** Returns the deadline of a run. `startMs` is when its intent was written, before anything is billed. */
export function calculateDeadline(startMs: number, { seconds, heldBackSeconds }: Limit): Deadline {
  const toIsoTime = (afterSeconds: number) => new Date(startMs + afterSeconds * 1000).toISOString();
  return { stopAt: toIsoTime(seconds - heldBackSeconds), endsBy: toIsoTime(seconds) };
}

/** Estimates the shortest useful run on this machine from the figures of the plan. */
function estimateShortestRun({ quote, phases = [] }: LimitOptions): {
  readonly seconds: number;
  readonly text: string;
} {
  const getLikelySeconds = (name: PhaseEstimate["phase"]) =>
    phases.find(({ phase }) => phase === name)?.seconds.likely;
  const boot = getLikelySeconds("boot") ?? quote.bootSeconds.likely;
  const upload = Math.max(getLikelySeconds("upload") ?? 0, getLikelySeconds("environment") ?? 0);
  const seconds = boot + upload + shortestTrainingSeconds + heldBackSeconds;
  const parts = [
    `boot ${formatMinutes(boot * 1000)}`,
    ...(upload > 0 ? [`upload and environment ${formatMinutes(upload * 1000)}`] : []),
    `training ${formatMinutes(shortestTrainingSeconds * 1000)}`,
    `kept for download and release ${formatMinutes(heldBackSeconds * 1000)}`,
  ];
  return {
    seconds,
    text: `the shortest run needs about ${formatMinutes(seconds * 1000)} (${parts.join(", ")})`,
  };
}

/** Returns the time that a budget pays for, in whole billing ticks, because a started tick is billed in full. */
function calculateAffordableSeconds(budgetUsd: number, quote: Quote): number {
  if (quote.upfrontUsd !== "unknown" && quote.upfrontUsd > budgetUsd) {
    throw new UnitrainError(
      "BUDGET_TOO_SMALL",
      `The budget of ${formatUsd(budgetUsd)} is too small: ${quote.machine} costs ${formatUsd(quote.upfrontUsd)} at launch.`,
      {
        hint: "Raise the budget, or choose another machine.",
        action: { type: "list-offers" },
        phase: "plan",
      },
    );
  }
  const hourly = calculateHourlyUsd(quote);
  if (hourly === 0) return Number.POSITIVE_INFINITY;
  const seconds = (budgetUsd / hourly) * 3600;
  return Math.floor(seconds / quote.billingTickSeconds) * quote.billingTickSeconds;
}

function createTooSmallError(
  options: LimitOptions,
  shortest: { readonly seconds: number; readonly text: string },
  byBudget: boolean,
): UnitrainError {
  const { quote, budgetUsd = 0, maxHours } = options;
  if (!byBudget) {
    return new UnitrainError("INVALID_OPTIONS", `maxHours is too small (${maxHours}): ${shortest.text}.`, {
      hint: `Allow at least ${(Math.ceil((shortest.seconds / 3600) * 100) / 100).toFixed(2)} hours.`,
      phase: "plan",
    });
  }
  const usd = calculateCostUsd(shortest.seconds, quote);
  const paidSeconds = (budgetUsd / calculateHourlyUsd(quote)) * 3600;
  return new UnitrainError(
    "BUDGET_TOO_SMALL",
    `The budget is too small: ${formatUsd(budgetUsd)} pay for ${formatMinutes(paidSeconds * 1000)} of ${quote.machine}, and ${shortest.text}.`,
    {
      hint: `Allow at least ${formatUsd(Math.ceil(usd * 100) / 100)}, or choose a cheaper machine.`,
      phase: "plan",
    },
  );
}
