import { findCandidates, mergeWanted, pickName, type TypeWords } from "@unitrain/core/http";
import { type CallContext, type MachineRequest, type Quote, UnitrainError } from "@unitrain/core/spec";
import { api } from "./api/api.ts";
import type { Calls } from "./api/calls.ts";
import { explainFailures } from "./api/explain.ts";
import { createQuote } from "./choose/choice.ts";
import { type InstanceType, readInstanceType } from "./choose/instance-type.ts";
import type { Settings } from "./options.ts";

const words: TypeWords = { cloud: api.cloud, type: "instance type" };

/** Returns the cheapest available machine that fits. Whatever is certain to fail later throws here. */
export function quote(
  calls: Calls,
  settings: Settings,
  request: MachineRequest,
  context: CallContext,
): Promise<Quote> {
  return explainFailures("looking for a machine", async () => {
    const wanted = mergeWanted(request, settings, settings.instanceType);
    const types = (await calls.instanceTypes(context)).map(readInstanceType);
    const image = await chooseImage(calls, settings, context);
    const region = chooseRegion(types, request.region ?? settings.region);
    // A machine with another architecture is rented only if somebody asks for it.
    const isNamed = wanted.gpu !== undefined || wanted.typeId !== undefined;
    const fitting = findCandidates(
      words,
      types.filter(({ isArm }) => isNamed || !isArm),
      wanted,
    );
    for (const type of fitting) {
      const regions = region === undefined ? type.regions : type.regions.filter((name) => name === region);
      if (regions.length === 0) continue;
      const choice = { regions: [...regions], instanceType: type.id, ...image };
      return createQuote(type, choice, "yes");
    }
    throw soldOutError(
      fitting.map(({ id }) => id),
      region,
    );
  });
}

/** Lists every instance type in every region that has it, the cheapest first, and those that are sold out without a region. */
export function listOffers(
  calls: Calls,
  settings: Settings,
  context: CallContext,
): Promise<readonly Quote[]> {
  return explainFailures("listing the offers", async () => {
    const types = (await calls.instanceTypes(context)).map(readInstanceType);
    const region = chooseRegion(types, settings.region);
    const quotes = types.flatMap((type) => {
      const { priceUsdPerHour, id: instanceType } = type;
      if (priceUsdPerHour === undefined) return [];
      const regions = type.regions.filter((name) => region === undefined || name === region);
      const priced = { ...type, priceUsdPerHour };
      if (regions.length === 0)
        return [createQuote(priced, { regions: [region ?? "any region"], instanceType }, "no")];
      return regions.map((name) => createQuote(priced, { regions: [name], instanceType }, "yes"));
    });
    return quotes.sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
  });
}

async function chooseImage(
  calls: Calls,
  { image }: Settings,
  context: CallContext,
): Promise<{ readonly image?: string }> {
  if (image === undefined) return {};
  return { image: pickName(api.cloud, "image", image, await calls.imageFamilies(context)) };
}

/** Returns Lambda's spelling of the region. The API lists only regions that have capacity, so another one may exist. */
function chooseRegion(types: readonly InstanceType[], wanted: string | undefined): string | undefined {
  const regions = [...new Set(types.flatMap((type) => type.regions))];
  return regions.find((name) => name.toLowerCase() === wanted?.toLowerCase()) ?? wanted;
}

function soldOutError(types: readonly string[], region: string | undefined): UnitrainError {
  const place = region === undefined ? "any region" : region;
  return new UnitrainError("OUT_OF_STOCK", `Lambda has no capacity for ${types.join(", ")} in ${place}.`, {
    hint: "Try again later, or choose another region or GPU. Nothing was launched.",
    action: { type: "list-offers" },
    retryable: true,
  });
}
