import { isGpu, pickName, readWantedGpu, unknownNameError } from "@unitrain/core/http";
import {
  type CallContext,
  formatBytes,
  formatUsd,
  type MachineRequest,
  type Quote,
  UnitrainError,
} from "@unitrain/core/spec";
import { api } from "./api/api.ts";
import type { Calls } from "./api/calls.ts";
import { explainFailures } from "./api/explain.ts";
import { createQuote } from "./choose/choice.ts";
import { type Offer, readOffers } from "./choose/offer.ts";
import type { Settings } from "./options.ts";

/** The API does not tell how much disk a host has. More than this is certainly refused, so it is refused before anything is rented. */
const maxDiskBytes = 10e12;

/** Returns the cheapest pod that fits and is available. Whatever is certain to fail later throws here. */
export function quote(
  calls: Calls,
  settings: Settings,
  request: MachineRequest,
  context: CallContext,
): Promise<Quote> {
  return explainFailures("looking for a pod", async () => {
    const wanted = readWantedGpu(
      request.gpu ?? settings.gpu,
      request.gpus ?? (request.gpu === undefined ? settings.gpus : undefined),
    );
    const region = request.region ?? settings.region;
    const { ramBytes } = request;
    const offers = await readOffers(calls, settings, { gpus: wanted.gpus ?? 1, region, ramBytes }, context);
    if (offers.length === 0) throw nothingPricedError(wanted.gpus ?? 1);
    if (region !== undefined) checkRegion(offers, region);
    const named = offers.filter((offer) => wanted.gpu === undefined || isNamed(offer, wanted.gpu));
    if (named.length === 0 && wanted.gpu !== undefined)
      throw unknownNameError(api.cloud, "GPU", wanted.gpu, listGpuNames(offers));
    const quotes = named.map((offer) => createQuote(offer, settings, request.diskBytes));
    const assessed = quotes.map((candidate) => ({
      candidate,
      shortcomings: listShortcomings(candidate, settings, request),
    }));
    const fitting = assessed.flatMap(({ candidate, shortcomings }) =>
      shortcomings.length === 0 ? [candidate] : [],
    );
    if (fitting.length === 0) throw nothingFitsError(assessed);
    const [best] = fitting
      .filter(({ available }) => available !== "no")
      .sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
    if (best !== undefined) return best;
    throw new UnitrainError(
      "OUT_OF_STOCK",
      `RunPod has none left of: ${fitting.map(({ machine }) => machine).join("; ")}.`,
      {
        hint: "Try again later, or choose another GPU, number of GPUs or data center.",
        action: { type: "list-offers" },
        retryable: true,
      },
    );
  });
}

/** Lists every kind of pod with one GPU, or with as many as the options ask for, the cheapest first, including those that are sold out. */
export function listOffers(
  calls: Calls,
  settings: Settings,
  context: CallContext,
): Promise<readonly Quote[]> {
  return explainFailures("listing the offers", async () => {
    const gpus = settings.gpus ?? 1;
    const offers = await readOffers(calls, settings, { gpus, region: settings.region }, context);
    return offers
      .map((offer) => createQuote(offer, settings, 0))
      .sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
  });
}

/** Nothing is planned without a price. */
function nothingPricedError(gpus: number): UnitrainError {
  return new UnitrainError(
    "NOT_AVAILABLE",
    `RunPod lists no pod with ${gpus === 1 ? "a GPU" : `${gpus} GPUs`} and a price that can be read.`,
    {
      hint: "Try again later, or choose another number of GPUs or tier (secure, community).",
      retryable: true,
    },
  );
}

function isNamed({ compute, title }: Offer, gpu: string): boolean {
  return "gpu" in compute && (isGpu(gpu, title) || isGpu(gpu, compute.gpu));
}

function listGpuNames(offers: readonly Offer[]): readonly string[] {
  return [...new Set(offers.flatMap(({ gpu }) => gpu?.name ?? []))];
}

function checkRegion(offers: readonly Offer[], region: string): void {
  const regions = [...new Set(offers.flatMap(({ regions }) => regions))].sort();
  if (regions.length > 0) pickName(api.cloud, "data center", region, regions);
}

/** Lists everything that is too small or too expensive. An unknown value is accepted. */
function listShortcomings(candidate: Quote, settings: Settings, request: MachineRequest): readonly string[] {
  const limits = [request.maxUsdPerHour, settings.maxUsdPerHour].filter((limit) => limit !== undefined);
  const limit = Math.min(...limits);
  const { gpu, ramBytes, diskBytes = 0, priceUsdPerHour, gpus } = candidate;
  const tooSmall = (offered: number | undefined, needed: number | undefined, what: string) =>
    offered !== undefined && needed !== undefined && offered < needed
      ? [`has ${formatBytes(offered)} of ${what}, ${formatBytes(needed)} requested`]
      : [];
  return [
    ...tooSmall(gpu?.memoryBytes, request.gpuMemoryBytes, "GPU memory"),
    ...(gpus === 0 && request.gpuMemoryBytes !== undefined ? ["has no GPU"] : []),
    ...tooSmall(ramBytes, request.ramBytes, "memory"),
    ...(diskBytes > maxDiskBytes ? tooSmall(maxDiskBytes, diskBytes, "disk at most") : []),
    ...(priceUsdPerHour > limit
      ? [`costs ${formatUsd(priceUsdPerHour)} an hour, ${formatUsd(limit)} is the limit`]
      : []),
  ];
}

function nothingFitsError(
  assessed: readonly { readonly candidate: Quote; readonly shortcomings: readonly string[] }[],
): UnitrainError {
  const shown = assessed
    .slice(0, 8)
    .map(({ candidate, shortcomings }) => `${candidate.machine} ${shortcomings.join(" and ")}`);
  const message =
    shown.length === 0 ? "RunPod offers no such pod." : `No pod of RunPod fits: ${shown.join("; ")}.`;
  return new UnitrainError("NOT_AVAILABLE", message, {
    hint: "Request less, raise the price limit, or choose the other cloud (option cloud).",
    action: { type: "list-offers" },
  });
}
