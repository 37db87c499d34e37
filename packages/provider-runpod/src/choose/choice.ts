import { type Quote, UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import type { Settings } from "../options.ts";
import type { Offer } from "./offer.ts";

const choiceSchema = z.object({
  compute: z.union([
    z.object({ gpu: z.string(), count: z.int().min(1) }),
    z.object({ cpu: z.string(), vcpuCount: z.int().min(1) }),
  ]),
  cloud: z.enum(["SECURE", "COMMUNITY"]),
  region: z.string().optional(),
  image: z.string(),
  diskGb: z.int().min(1),
  interruptible: z.boolean(),
  ownDeadline: z.boolean(),
});

/** The choice that a quote stores for `lease`. */
export type Choice = z.infer<typeof choiceSchema>;

/** RunPod's own image for pods: it has CUDA, Python and an SSH server. */
const gpuImage = "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404";
const cpuImage = "runpod/base:1.0.2-ubuntu2404";
const minDiskGb = 20;
/** From RunPod's price list; the API does not contain it. */
const diskUsdPerGbMonth = 0.1;
const hoursPerMonth = 730;
/** The image has to be downloaded if the host does not have it, which takes minutes. */
const bootSeconds = { likely: 90, high: 600 };

export function createQuote(offer: Offer, settings: Settings, diskBytes: number): Quote {
  const { compute, cloud, region, priceUsdPerHour, available } = offer;
  const hasGpu = "gpu" in compute;
  const { image = hasGpu ? gpuImage : cpuImage, interruptible = false, ownDeadline = true } = settings;
  const diskGb = Math.max(settings.diskGb ?? minDiskGb, Math.ceil(diskBytes / 1e9));
  const choice: Choice = {
    compute,
    cloud,
    ...(region === undefined ? {} : { region }),
    image,
    diskGb,
    interruptible,
    ownDeadline: ownDeadline && hasGpu,
  };
  const place = region ?? "any data center";
  const tier = interruptible ? `${cloud.toLowerCase()} cloud, spot` : `${cloud.toLowerCase()} cloud`;
  return {
    machine: `${offer.title} in ${place} (${tier}), ${image}`,
    ...(region === undefined ? {} : { region }),
    priceUsdPerHour,
    upfrontUsd: 0,
    otherUsdPerHour: (diskGb * diskUsdPerGbMonth) / hoursPerMonth,
    billingTickSeconds: 1,
    gpus: offer.gpus,
    ...(offer.gpu === undefined ? {} : { gpu: offer.gpu }),
    ...(offer.cpus === undefined ? {} : { cpus: offer.cpus }),
    ...(offer.ramBytes === undefined ? {} : { ramBytes: offer.ramBytes }),
    diskBytes: diskGb * 1e9,
    available,
    interruptible,
    ...(choice.ownDeadline ? { ownDeadline: true } : {}),
    bootSeconds,
    reference: choice,
  };
}

export function readChoice(quote: Quote): Choice {
  const { success, data } = choiceSchema.safeParse(quote.reference);
  if (success) return data;
  throw new UnitrainError("INVALID_ADAPTER", "Cannot use the quote: it is not from RunPod.", {
    hint: "Plan again, and pass the quote unchanged to the provider that created it.",
  });
}
