import { isGpu, readWantedGpu } from "@unitrain/core/http";
import { type MachineRequest, type Quote, UnitrainError } from "@unitrain/core/spec";
import type { Offer } from "./api.ts";

// 5. The offers. Prices are in US dollars per hour, sizes in bytes, times in seconds. `unknown` is allowed where you do not know.
export function toQuote(offer: Offer): Quote {
  return {
    machine: `${offer.gpus}x ${offer.gpu} in ${offer.region}`,
    region: offer.region,
    priceUsdPerHour: offer.usdPerHour,
    upfrontUsd: 0,
    otherUsdPerHour: 0,
    billingTickSeconds: 60,
    gpus: offer.gpus,
    gpu: { name: offer.gpu, memoryBytes: offer.gpuMemoryBytes },
    ramBytes: offer.ramBytes,
    diskBytes: offer.diskBytes,
    available: offer.isAvailable ? "yes" : "no",
    interruptible: false,
    bootSeconds: { likely: 60, high: 300 },
    // `lease` gets the quote back unchanged. Keep here what it needs.
    reference: { offer: offer.id },
  };
}

/** Returns the cheapest offer that meets a request. */
export function chooseOffer(offers: readonly Offer[], request: MachineRequest, region?: string): Offer {
  const { gpu, gpus = 1 } = readWantedGpu(request.gpu, request.gpus);
  const wantedRegion = request.region ?? region ?? "";
  const fitting = offers.filter(
    (offer) =>
      offer.isAvailable &&
      (request.nodes ?? 1) === 1 &&
      offer.gpus >= gpus &&
      (gpu === undefined || isGpu(gpu, offer.gpu)) &&
      (wantedRegion === "" || offer.region === wantedRegion) &&
      offer.gpuMemoryBytes >= (request.gpuMemoryBytes ?? 0) &&
      offer.ramBytes >= (request.ramBytes ?? 0) &&
      offer.diskBytes >= request.diskBytes &&
      offer.usdPerHour <= (request.maxUsdPerHour ?? Number.POSITIVE_INFINITY),
  );
  const [cheapest] = fitting.sort((a, b) => a.usdPerHour - b.usdPerHour);
  if (cheapest !== undefined) return cheapest;
  throw new UnitrainError("NOT_AVAILABLE", "Acme Name has no machine that meets the request.", {
    hint: "Ask for less, for another GPU, or for a higher price per hour.",
    action: { type: "list-offers" },
  });
}
