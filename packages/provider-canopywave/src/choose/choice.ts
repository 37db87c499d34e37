import type { Quote } from "@unitrain/core/spec";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import type { Flavor } from "./flavor.ts";

const choiceSchema = z.object({
  project: z.string(),
  /** In this order; the first one is the quote's own. */
  regions: z.array(z.string()).min(1),
  flavor: z.string(),
  image: z.string(),
});

/** What a quote keeps for `lease`. */
export type Choice = z.infer<typeof choiceSchema>;

/** Observed: 1 to 3 minutes to ACTIVE, then 5 to 60 s to sshd. */
const bootSeconds = { likely: 120, high: 240 };
/** Not told; a minute is what most clouds take. */
const billingTickSeconds = 60;

export function createQuote(
  flavor: Flavor & { readonly priceUsdPerHour: number },
  chosen: Choice,
  available: Quote["available"],
): Quote {
  const [region = ""] = chosen.regions;
  const { gpu, gpuMemoryBytes, cpus, ramBytes, diskBytes } = flavor;
  return {
    machine: `${flavor.flavor} in ${region}, ${chosen.image}`,
    region,
    priceUsdPerHour: flavor.priceUsdPerHour,
    // Some GPUs are charged 24 hours at launch, and nothing tells which.
    upfrontUsd: "unknown",
    otherUsdPerHour: "unknown",
    billingTickSeconds,
    gpus: flavor.gpus,
    ...(gpu === undefined || gpuMemoryBytes === undefined
      ? {}
      : { gpu: { name: gpu, memoryBytes: gpuMemoryBytes } }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(ramBytes === undefined ? {} : { ramBytes }),
    ...(diskBytes === undefined ? {} : { diskBytes }),
    available,
    interruptible: false,
    bootSeconds,
    reference: chosen,
  };
}

export function readChoice(quote: Quote): Choice {
  const { success, data } = choiceSchema.safeParse(quote.reference);
  if (success) return data;
  throw new UnitrainError("INVALID_ADAPTER", "The offer is none of CanopyWave's.", {
    hint: "Plan again: a quote goes back to the provider that made it, unchanged.",
  });
}
