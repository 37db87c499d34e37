import type { Quote } from "./quote.ts";

/** What is known of an hour's price; what is unknown of it is shown in the plan. */
export function calculateHourlyUsd({ priceUsdPerHour, otherUsdPerHour }: Quote): number {
  return priceUsdPerHour + (otherUsdPerHour === "unknown" ? 0 : otherUsdPerHour);
}

/** What so many seconds cost at list price: whole billing ticks, and never less than what is owed at launch. */
export function calculateCostUsd(seconds: number, quote: Quote): number {
  const ticks = Math.ceil(Math.max(0, seconds) / quote.billingTickSeconds) * quote.billingTickSeconds;
  const upfrontUsd = quote.upfrontUsd === "unknown" ? 0 : quote.upfrontUsd;
  return Math.max(upfrontUsd, (ticks / 3600) * calculateHourlyUsd(quote));
}

/** Rounds amounts so that they add up to their rounded sum: each is the difference of two rounded running totals. */
export function roundParts(amounts: readonly number[], unit: number): number[] {
  let sum = 0;
  let roundedSum = 0;
  return amounts.map((amount) => {
    sum += amount;
    // A sum of decimals that is off by its last bit must not round another way.
    const next = Math.round(Number((sum / unit).toPrecision(12)));
    const part = next - roundedSum;
    roundedSum = next;
    return unit >= 1 ? part * unit : part / Math.round(1 / unit);
  });
}
