import type { MachineRequest, Quote } from "@unitrain/core";

type OfferRequirements = Pick<
  Partial<MachineRequest>,
  "gpu" | "gpus" | "region" | "maxUsdPerHour" | "diskBytes"
>;

/** Returns the offers that meet the requirements, cheapest first and including those that are sold out. A property that an offer does not state counts as met. */
export function filterOffers(offers: readonly Quote[], wanted: OfferRequirements): readonly Quote[] {
  const { gpu, gpus } = parseGpuRequest(wanted);
  return offers
    .filter(
      (offer) =>
        (gpu === undefined || (offer.gpu !== undefined && isNamed(gpu, offer.gpu.name))) &&
        atLeast(offer.gpus, gpus) &&
        atLeast(offer.diskBytes, wanted.diskBytes) &&
        (wanted.region === undefined || offer.region === wanted.region) &&
        (wanted.maxUsdPerHour === undefined || offer.priceUsdPerHour <= wanted.maxUsdPerHour),
    )
    .sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
}

/** Parses a GPU with a count, such as `H100:4`. */
function parseGpuRequest({ gpu, gpus }: OfferRequirements): Pick<OfferRequirements, "gpu" | "gpus"> {
  const [, name, count] = /^\s*(.+?)\s*(?::\s*(\d+))?\s*$/.exec(gpu ?? "") ?? [];
  const number = count === undefined ? gpus : Number(count);
  return { ...(name === undefined ? {} : { gpu: name }), ...(number === undefined ? {} : { gpus: number }) };
}

function atLeast(offered: number | "unknown" | undefined, wanted: number | undefined): boolean {
  return wanted === undefined || typeof offered !== "number" || offered >= wanted;
}

/** Returns whether a request means this GPU: `h100` means `H100 SXM5` and `rtx4090` means `RTX 4090`, but `L40` does not mean `L40S`. */
function isNamed(wanted: string, name: string): boolean {
  const words = splitWords(name);
  const wantedWords = splitWords(wanted);
  const joined = wantedWords.join("");
  const runs = words.flatMap((_, first) =>
    words.slice(first).map((_, length) => words.slice(first, first + length + 1).join("")),
  );
  return runs.includes(joined) || wantedWords.every((word) => runs.includes(word));
}

function splitWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}
