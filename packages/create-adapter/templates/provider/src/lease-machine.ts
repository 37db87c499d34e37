import { hasStatus, isRefusal } from "@unitrain/core/http";
import { type LeaseContext, type Quote, type Resource, UnitrainError } from "@unitrain/core/spec";
import type { Api, Item, Kind } from "./api.ts";
import { explainFailures } from "./errors.ts";
import { describeResource, kinds } from "./resources.ts";

const rateLimitWaitMs = 2_000;
const maxAttempts = 5;

// 6. Rent the machine. Core polls `getMachineState` afterwards, so do not wait here until it runs.
export async function leaseMachine(api: Api, quote: Quote, context: LeaseContext): Promise<void> {
  const { offer } = quote.reference as { readonly offer: string };
  await explainFailures("renting a machine", () => checkPrice(api, offer, quote, context));
  for (const kind of kinds) {
    // Nobody wants the machine any more: whatever is created now would cost money for nothing.
    if (context.stopSignal.aborted) return;
    const resource = describeResource(kind, `unitrain-${context.leaseId}`);
    // Before the request, so that nothing is lost if this process ends now; and again with its id.
    await context.record(resource);
    const body = { name: resource.name, offer, publicKey: context.publicKey };
    const item = await explainFailures("renting a machine", () => create(api, kind, body, resource, context));
    await context.record({ ...resource, id: item.id });
  }
}

/** The user has agreed to the price of the quote only. */
async function checkPrice(api: Api, id: string, quote: Quote, context: LeaseContext): Promise<void> {
  const offer = (await api.listOffers(context)).find((candidate) => candidate.id === id);
  if (offer !== undefined && offer.usdPerHour <= quote.priceUsdPerHour) return;
  throw new UnitrainError("NOT_AVAILABLE", "The offer has become more expensive, or no longer exists.", {
    hint: "Plan again, and check the new price.",
  });
}

/** Creates a resource. If the answer is lost, it looks for it by its name: a second one would cost money too. */
async function create(
  api: Api,
  kind: Kind,
  body: Readonly<Record<string, unknown>>,
  { name }: Resource,
  context: LeaseContext,
): Promise<Item> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.create(kind, body, context);
    } catch (failure) {
      if (hasStatus(failure, 429) && attempt < maxAttempts && !context.stopSignal.aborted) {
        await context.wait(rateLimitWaitMs);
        continue;
      }
      if (isRefusal(failure)) throw failure;
      const found = (await api.list(kind, context)).find((item) => item.name === name);
      // It may still appear. It is in the ledger, so that it is found when it is released.
      if (found === undefined) throw failure;
      return found;
    }
  }
}
