import { formatUsd } from "@unitrain/core/spec";

/** Returns a loss: `1.042`, `0.611`, `128`. */
export function formatLoss(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 100_000 || magnitude < 0.001) return value.toExponential(1);
  return value.toFixed(magnitude >= 100 ? 0 : 3);
}

/** Returns a share of one, as people who train models write it: `.812`. */
export function formatScore(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value.toFixed(3).replace(/^0\./, ".");
}

/** Returns how much of something is done, rounded down so that 100% means all of it: `57%`. */
export function formatPercent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

/** Returns a price of something small, in dollars with a digit more where cents are too coarse: `$0.042`, `$0.31`. */
export function formatUnitPrice(usd: number): string {
  return usd > 0 && usd < 0.1 ? `$${usd.toFixed(3)}` : formatUsd(usd);
}
