import type { ApiRequestContext } from "@unitrain/core/http";
import { ApiFailure } from "@unitrain/core/http";
import { formatUsd, type Quote, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { Choice } from "../choose/choice.ts";
import { readFlavor } from "../choose/flavor.ts";

/** Tolerance for rounding. */
const toleranceUsd = 0.005;

/** Throws when the price is higher than in the plan, which may be days old. When the price cannot be read, the planned one is kept. */
export async function refuseHigherPrice(
  calls: Calls,
  choice: Choice,
  quote: Quote,
  requestContext: ApiRequestContext,
): Promise<void> {
  const types = await calls.instanceTypes(choice.project, requestContext).catch((error: unknown) => {
    if (error instanceof ApiFailure) return [];
    throw error;
  });
  const currentPriceUsd = types.map(readFlavor).find(({ id }) => id === choice.flavor)?.priceUsdPerHour;
  if (currentPriceUsd === undefined || currentPriceUsd <= quote.priceUsdPerHour + toleranceUsd) return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `${choice.flavor} costs ${formatUsd(currentPriceUsd)} an hour at CanopyWave now; it was planned at ${formatUsd(quote.priceUsdPerHour)}.`,
    { hint: "Plan again to see the new cost. Nothing was rented." },
  );
}
