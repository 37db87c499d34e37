import type { ApiRequestContext } from "@unitrain/core/http";
import type { Quote } from "@unitrain/core/spec";
import type { CpuType, GpuType } from "../api/answers.ts";
import type { Calls, CloudTier } from "../api/calls.ts";
import type { Settings } from "../options.ts";

/** A pod that can be rented, with its price. */
export interface Offer {
  readonly title: string;
  readonly compute:
    | { readonly gpu: string; readonly count: number }
    | { readonly cpu: string; readonly vcpuCount: number };
  readonly cloud: CloudTier;
  readonly region?: string;
  /** All data centers that list it. */
  readonly regions: readonly string[];
  readonly priceUsdPerHour: number;
  readonly gpus: number;
  readonly gpu?: { readonly name: string; readonly memoryBytes: number };
  readonly cpus?: number;
  readonly ramBytes?: number;
  readonly available: Quote["available"];
}

export interface OfferFilter {
  readonly gpus: number;
  readonly region?: string | undefined;
  readonly ramBytes?: number | undefined;
}

/** Reads the catalog: every kind of pod with this number of GPUs. A price that cannot be read makes it no offer. */
export async function readOffers(
  calls: Calls,
  { cloud = "SECURE", interruptible = false }: Settings,
  filter: OfferFilter,
  context: ApiRequestContext,
): Promise<readonly Offer[]> {
  // Pods without GPUs exist in the secure cloud only, and never as spot pods.
  if (filter.gpus === 0) {
    if (cloud === "COMMUNITY" || interruptible) return [];
    return (await calls.cpuTypes(context)).flatMap((type) => readCpuOffer(type, filter));
  }
  const [types, bids] = await Promise.all([
    calls.gpuTypes({ count: filter.gpus, cloud }, context),
    interruptible ? calls.bids({ count: filter.gpus, cloud }, context) : undefined,
  ]);
  return types.flatMap((type) => {
    const list = cloud === "SECURE" ? type.price?.secure : type.price?.community;
    return readGpuOffer(type, bids === undefined ? (list ?? undefined) : bids.get(type.id), cloud, filter);
  });
}

function readGpuOffer(
  type: GpuType,
  usdPerGpu: number | undefined,
  cloud: CloudTier,
  filter: OfferFilter,
): readonly Offer[] {
  const maxCount = cloud === "SECURE" ? type.maxCount?.secure : type.maxCount?.community;
  const isOffered = (cloud === "SECURE" ? type.secure : type.community) !== false;
  // A price of 0 stands for a cloud in which there is no such GPU.
  if (!isOffered || !usdPerGpu || usdPerGpu < 0 || (maxCount ?? filter.gpus) < filter.gpus) return [];
  return [
    {
      title: filter.gpus === 1 ? type.name : `${filter.gpus}x ${type.name}`,
      compute: { gpu: type.id, count: filter.gpus },
      cloud,
      ...locate(type, filter),
      priceUsdPerHour: roundUsd(usdPerGpu * filter.gpus),
      gpus: filter.gpus,
      ...(type.memory ? { gpu: { name: type.name, memoryBytes: type.memory * 2 ** 30 } } : {}),
    },
  ];
}

/** Offers the smallest number of vCPUs that has the memory: a power of two, at least 4. */
function readCpuOffer(type: CpuType, filter: OfferFilter): readonly Offer[] {
  const usdPerVcpu = type.price?.securePerVcpu;
  const { min, max } = type.vcpu;
  const ramBytesPerVcpu = (type.ramGbPerVcpu ?? 0) * 2 ** 30;
  if (!usdPerVcpu || usdPerVcpu < 0) return [];
  let vcpuCount = Math.max(2, min);
  while (vcpuCount < Math.min(4, max)) vcpuCount *= 2;
  while (ramBytesPerVcpu > 0 && vcpuCount * ramBytesPerVcpu < (filter.ramBytes ?? 0) && vcpuCount * 2 <= max)
    vcpuCount *= 2;
  return [
    {
      title: `${type.name} (${type.id}), ${vcpuCount} vCPUs`,
      compute: { cpu: type.id, vcpuCount },
      cloud: "SECURE",
      ...locate(type, filter),
      priceUsdPerHour: roundUsd(usdPerVcpu * vcpuCount),
      gpus: 0,
      cpus: vcpuCount,
      ...(ramBytesPerVcpu > 0 ? { ramBytes: vcpuCount * ramBytesPerVcpu } : {}),
    },
  ];
}

function locate(
  { availability, dataCenters }: GpuType | CpuType,
  { region }: OfferFilter,
): Pick<Offer, "region" | "regions" | "available"> {
  const regions = (dataCenters ?? []).map(({ id }) => id);
  if (region === undefined) return { regions, available: readLevel(availability) };
  const found = dataCenters?.find(({ id }) => id.toLowerCase() === region.toLowerCase());
  // A data center that is not listed does not have the machine; without any list nothing is known.
  const available =
    found === undefined
      ? regions.length > 0
        ? "no"
        : readLevel(availability)
      : readLevel(found.availability);
  return { regions, region: found?.id ?? region, available };
}

function readLevel(level: GpuType["availability"]): Quote["available"] {
  if (level === undefined || level === null) return "unknown";
  return level === "NONE" ? "no" : "yes";
}

/** Removes the noise of binary fractions: 3 × 0.44 is 1.32. */
function roundUsd(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
