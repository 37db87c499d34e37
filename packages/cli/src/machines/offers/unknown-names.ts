import { type Quote, UnitrainError } from "@unitrain/core/spec";
import { findNearest } from "../../settings/find-nearest.ts";
import { filterOffers } from "./filter-offers.ts";

/** Throws `INVALID_OPTIONS` for a GPU or region that no offer of the provider has, even a sold-out one, because the name is probably mistyped. */
export function refuseUnknownNames(
  offers: readonly Quote[],
  { gpu, region }: { readonly gpu: string | undefined; readonly region: string | undefined },
): void {
  if (offers.length === 0) return;
  const gpuName = gpu?.replace(/\s*:\s*\d+\s*$/, "").trim();
  if (gpuName !== undefined && filterOffers(offers, { gpu: gpuName }).length === 0)
    throw unknownName(
      "GPU",
      gpuName,
      collectNames(offers, (offer) => offer.gpu?.name),
    );
  if (region !== undefined && filterOffers(offers, { region }).length === 0)
    throw unknownName(
      "region",
      region,
      collectNames(offers, (offer) => offer.region),
    );
}

function unknownName(kind: string, wanted: string, available: readonly string[]): UnitrainError {
  const suggestion = findNearest(wanted, available);
  return new UnitrainError(
    "INVALID_OPTIONS",
    `No offer has the ${kind} ${JSON.stringify(wanted)}.${suggestion === undefined ? "" : ` Did you mean ${suggestion}?`}`,
    {
      hint:
        available.length === 0 ? `The provider lists no ${kind}.` : `Choose one of: ${available.join(", ")}.`,
    },
  );
}

function collectNames(
  offers: readonly Quote[],
  name: (offer: Quote) => string | undefined,
): readonly string[] {
  return [...new Set(offers.flatMap((offer) => name(offer) ?? []))].sort();
}
