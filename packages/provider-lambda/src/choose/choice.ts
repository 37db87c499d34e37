import type { Priced } from "@unitrain/core/http";
import { type Quote, UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import type { InstanceType } from "./instance-type.ts";

const choiceSchema = z.object({
  /** Regions to try, in this order. The first is the region of the quote. */
  regions: z.array(z.string()).min(1),
  instanceType: z.string(),
  image: z.string().optional(),
});

/** The choice that a quote stores for `lease`. */
export type Choice = z.infer<typeof choiceSchema>;

/** Measured by others, from launch to login: 3 to 8 minutes, and longer for machines with many GPUs. */
const bootSeconds = { likely: 270, high: 900 };
/** Lambda bills by the minute. */
const billingTickSeconds = 60;

export function createQuote(
  type: Priced<InstanceType>,
  chosen: Choice,
  available: Quote["available"],
): Quote {
  const [region = ""] = chosen.regions;
  const { gpu, gpuMemoryBytes, cpus, ramBytes, diskBytes } = type;
  return {
    machine: `${type.id} in ${region}${chosen.image === undefined ? "" : `, ${chosen.image}`}`,
    region,
    priceUsdPerHour: type.priceUsdPerHour,
    upfrontUsd: 0,
    // Disk and address are included, and unitrain attaches no filesystem.
    otherUsdPerHour: 0,
    billingTickSeconds,
    gpus: type.gpus,
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
  throw new UnitrainError("INVALID_ADAPTER", "Cannot use the quote: it is not from Lambda.", {
    hint: "Plan again, and pass the quote unchanged to the provider that created it.",
  });
}
