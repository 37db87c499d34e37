import { ApiFailure, stopRequested } from "@unitrain/core/http";
import { type LeaseContext, type Quote, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import { explainFailures } from "../api/explain.ts";
import { readChoice } from "../choose/choice.ts";
import { getPodName } from "../names.ts";
import type { ParsedOptions } from "../options.ts";
import { assertPrice, refuseHigherPrice } from "./check-price.ts";
import { launch } from "./launch.ts";

/** Rents one pod. Core then polls until it runs and its SSH port has been mapped. */
export async function lease(
  calls: Calls,
  options: ParsedOptions,
  quote: Quote,
  context: LeaseContext,
): Promise<void> {
  try {
    await explainFailures("renting", () => rent(calls, options, quote, context));
  } catch (error) {
    if (error !== stopRequested) throw error;
  }
}

async function rent(
  calls: Calls,
  { now }: ParsedOptions,
  quote: Quote,
  context: LeaseContext,
): Promise<void> {
  const choice = readChoice(quote);
  const publicKey = requirePublicKey(context);
  await refuseHigherPrice(calls, choice, quote, context);
  const account = await readAccount(calls, context);
  const { interruptible } = choice;
  const { cost } = await launch({
    calls,
    context,
    choice,
    name: getPodName(context.leaseId),
    publicKey,
    reference: {
      key: calls.getKeyFingerprint(),
      ...(account === undefined ? {} : { account }),
      ...(interruptible ? { interruptible } : {}),
    },
    bidPerGpu: quote.priceUsdPerHour / Math.max(1, Number(quote.gpus) || 1),
    now,
  });
  // What RunPod charges for this pod; core releases it after an error.
  if (typeof cost === "number") assertPrice(cost, quote);
}

/** Reads whose key this is, so that another key of the same account can prove a release later. Only GraphQL knows it. */
async function readAccount(calls: Calls, context: LeaseContext): Promise<string | undefined> {
  try {
    return await calls.accountId(context);
  } catch (failure) {
    if (failure instanceof ApiFailure) return undefined;
    throw failure;
  }
}

function requirePublicKey({ publicKey }: LeaseContext): string {
  if (publicKey !== undefined) return publicKey;
  throw new UnitrainError(
    "LEASE_FAILED",
    "Cannot rent a pod: the transport creates no SSH key, and RunPod's pods require one.",
    { hint: "Use the transport ssh()." },
  );
}
