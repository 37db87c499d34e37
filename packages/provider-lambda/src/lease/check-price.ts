import { ApiFailure, type ApiRequestContext } from "@unitrain/core/http";
import { formatUsd, type Quote, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { Choice } from "../choose/choice.ts";
import { readInstanceType } from "../choose/instance-type.ts";

/** Tolerance for rounding. */
const toleranceUsd = 0.005;

/** Throws when the price is higher than in the plan, which may be days old. When the price cannot be read, the planned one is kept. */
export async function refuseHigherPrice(
  calls: Calls,
  { instanceType }: Choice,
  quote: Quote,
  context: ApiRequestContext,
): Promise<void> {
  const types = await calls.instanceTypes(context).catch((error: unknown) => {
    if (error instanceof ApiFailure) return [];
    throw error;
  });
  const current = types.map(readInstanceType).find(({ id }) => id === instanceType)?.priceUsdPerHour;
  if (current === undefined || current <= quote.priceUsdPerHour + toleranceUsd) return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `${instanceType} costs ${formatUsd(current)} an hour at Lambda now; it was planned at ${formatUsd(quote.priceUsdPerHour)}.`,
    { hint: "Plan again to see the new cost. Nothing was rented." },
  );
}
