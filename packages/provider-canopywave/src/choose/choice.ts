import type { Quote } from "@unitrain/core/spec";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import type { Flavor } from "./flavor.ts";

const choiceSchema = z.object({
  project: z.string(),
  /** Regions to try, in this order. The first is the region of the quote. */
  regions: z.array(z.string()).min(1),
  flavor: z.string(),
  image: z.string(),
});

/** The choice that a quote stores for `lease`. */
export type Choice = z.infer<typeof choiceSchema>;

/** Observed: 1 to 3 minutes to ACTIVE, then 5 to 60 s to sshd. */
const bootSeconds = { likely: 120, high: 240 };
/** CanopyWave does not publish it; most clouds bill by the minute. */
const billingTickSeconds = 60;

export function createQuote(
  flavor: Flavor & { readonly priceUsdPerHour: number },
  chosen: Choice,
  available: Quote["available"],
): Quote {
  const [region = ""] = chosen.regions;
  const { gpu, gpuMemoryBytes, cpus, ramBytes, diskBytes } = flavor;
  return {
    machine: `${flavor.id} in ${region}, ${chosen.image}`,
    region,
    priceUsdPerHour: flavor.priceUsdPerHour,
    // Some GPUs are charged 24 hours upfront, and the API does not say which.
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
  throw new UnitrainError("INVALID_ADAPTER", "Cannot use the quote: it is not from CanopyWave.", {
    hint: "Plan again, and pass the quote unchanged to the provider that created it.",
  });
}
