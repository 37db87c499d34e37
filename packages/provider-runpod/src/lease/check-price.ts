import { ApiFailure } from "@unitrain/core/http";
import { type CallContext, formatUsd, type Quote, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { Choice } from "../choose/choice.ts";
import { readOffers } from "../choose/offer.ts";

/** Tolerance for rounding. */
const toleranceUsd = 0.005;

/** Throws when the price is higher than in the plan, which may be days old. When the price cannot be read, the planned one is kept. */
export async function refuseHigherPrice(
  calls: Calls,
  { cloud, compute, interruptible }: Choice,
  quote: Quote,
  context: CallContext,
): Promise<void> {
  const gpus = "gpu" in compute ? compute.count : 0;
  const ramBytes = "gpu" in compute ? undefined : quote.ramBytes;
  const offers = await readOffers(
    calls,
    { baseUrl: "", cloud, interruptible },
    { gpus, ramBytes },
    context,
  ).catch((error: unknown) => {
    if (error instanceof ApiFailure) return [];
    throw error;
  });
  const offer = offers.find((candidate) => JSON.stringify(candidate.compute) === JSON.stringify(compute));
  if (offer !== undefined) assertPrice(offer.priceUsdPerHour, quote);
}

/** Throws when RunPod charges more than the user agreed to. */
export function assertPrice(usdPerHour: number, quote: Quote): void {
  if (usdPerHour <= quote.priceUsdPerHour + toleranceUsd) return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `${quote.machine} costs ${formatUsd(usdPerHour)} an hour now, ${formatUsd(quote.priceUsdPerHour)} was planned.`,
    { hint: "Plan again to see the current price.", retryable: false },
  );
}
