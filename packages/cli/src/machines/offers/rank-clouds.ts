import type { MachineRequest, Quote } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { OpenedCloud } from "../../context/cli-context.ts";
import { type CloudOffer, compareClouds, refuseNoAnswer } from "./compare-clouds.ts";

/**
 * Asks every cloud for the offer that a plan would rent, and returns those with a known price, cheapest first. An offer with an unknown
 * charge comes after all whose charges are known, because it may cost more than it seems.
 */
export async function rankClouds(
  opened: readonly OpenedCloud[],
  request: Partial<MachineRequest>,
  signal: AbortSignal,
): Promise<readonly CloudOffer[]> {
  const compared = await compareClouds(opened, async (calls) => [await calls.quote(request, { signal })]);
  refuseNoAnswer(compared);
  const ranked = compared.offers
    .filter(({ quote }) => isPriced(quote) && quote.available !== "no")
    .sort((a, b) => compareQuotes(a.quote, b.quote));
  if (ranked.length > 0) return ranked;
  throw new UnitrainError("NOT_AVAILABLE", "No cloud has an offer in stock whose price is known.", {
    hint: "List what each cloud has: unitrain offers",
  });
}

/** Returns whether the price is known and not zero: a cloud that states no price must not win. */
export function isPriced({ priceUsdPerHour }: Quote): boolean {
  return Number.isFinite(priceUsdPerHour) && priceUsdPerHour > 0;
}

export function compareQuotes(a: Quote, b: Quote): number {
  return Number(hasUnknownCharge(a)) - Number(hasUnknownCharge(b)) || sumPerHour(a) - sumPerHour(b);
}

function hasUnknownCharge({ upfrontUsd, otherUsdPerHour }: Quote): boolean {
  return upfrontUsd === "unknown" || otherUsdPerHour === "unknown";
}

function sumPerHour({ priceUsdPerHour, otherUsdPerHour }: Quote): number {
  return priceUsdPerHour + (otherUsdPerHour === "unknown" ? 0 : otherUsdPerHour);
}
