import type { Quote } from "./quote.ts";

/** Returns the known part of the price per hour in US dollars. The plan shows the unknown part. */
export function calculateHourlyUsd({ priceUsdPerHour, otherUsdPerHour }: Quote): number {
  return priceUsdPerHour + (otherUsdPerHour === "unknown" ? 0 : otherUsdPerHour);
}

/**
 * Returns the cost in US dollars of holding a machine for `seconds` at list price: the time is rounded up to whole billing ticks,
 * and the result is at least the upfront charge. Unknown parts of the price are not counted.
 *
 * @example
 * ```ts
 * import { calculateCostUsd, type Quote } from "@unitrain/core/spec";
 *
 * export const costOfOneHour = (quote: Quote) => calculateCostUsd(3600, quote);
 * ```
 */
export function calculateCostUsd(seconds: number, quote: Quote): number {
  const ticks = Math.ceil(Math.max(0, seconds) / quote.billingTickSeconds) * quote.billingTickSeconds;
  const upfrontUsd = quote.upfrontUsd === "unknown" ? 0 : quote.upfrontUsd;
  return Math.max(upfrontUsd, (ticks / 3600) * calculateHourlyUsd(quote));
}

/**
 * Rounds amounts to multiples of `unit` so that they add up to their rounded sum: each result is the difference of two rounded
 * running totals.
 */
export function roundParts(amounts: readonly number[], unit: number): number[] {
  let sum = 0;
  let roundedSum = 0;
  return amounts.map((amount) => {
    sum += amount;
    // Drops the last bits of the binary fraction, so that a sum just below a half still rounds up.
    const next = Math.round(Number((sum / unit).toPrecision(12)));
    const part = next - roundedSum;
    roundedSum = next;
    return unit >= 1 ? part * unit : part / Math.round(1 / unit);
  });
}
