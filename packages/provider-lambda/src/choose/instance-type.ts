import type { MachineType } from "@unitrain/core/http";
import type { InstanceTypesItem } from "../api/answers.ts";

/** One instance type of Lambda, and where it can be launched now. */
export interface InstanceType extends MachineType {
  /** Regions that have capacity. */
  readonly regions: readonly string[];
  /** Its processors are of the ARM architecture, for which not every package exists. */
  readonly isArm: boolean;
}

/** Reads an instance type. Whatever is missing is left out. */
export function readInstanceType(item: InstanceTypesItem): InstanceType {
  const {
    name,
    description,
    gpu_description: gpuText,
    price_cents_per_hour: price,
    specs,
  } = item.instance_type;
  const [, gpu, detail = ""] = /^\s*([^(]+?)\s*(?:\(([^)]*)\))?\s*$/.exec(gpuText ?? "") ?? [];
  const gpus = specs?.gpus ?? readCount(name, description ?? "");
  const gpuMemoryGb = /([\d.]+)\s*GB/i.exec(detail)?.[1];
  const cents = price === null || price === undefined || price === "" ? Number.NaN : Number(price);
  return {
    id: name,
    name: description ? `${description} ${name}` : name,
    gpus,
    ...(gpus === 0 || gpu === undefined ? {} : { gpu }),
    ...(gpuMemoryGb === undefined ? {} : { gpuMemoryBytes: Number(gpuMemoryGb) * 1e9 }),
    ...(specs?.vcpus ? { cpus: specs.vcpus } : {}),
    ...(specs?.memory_gib ? { ramBytes: specs.memory_gib * 2 ** 30 } : {}),
    ...(specs?.storage_gib ? { diskBytes: specs.storage_gib * 2 ** 30 } : {}),
    ...(cents > 0 ? { priceUsdPerHour: cents / 100 } : {}),
    regions: (item.regions_with_capacity_available ?? []).map((region) => region.name),
    // The API does not say it. Grace Hopper and Grace Blackwell machines have ARM processors.
    isArm: /\bg[hb]\d{3}\b/i.test(`${name.replaceAll("_", " ")} ${gpuText ?? ""}`),
  };
}

/** Reads the number of GPUs of `gpu_8x_h100_sxm5` or `8x H100`, where the specs do not have it. */
function readCount(name: string, description: string): number | "unknown" {
  if (/^cpu_/i.test(name)) return 0;
  const count = /^gpu_(\d+)x_/i.exec(name)?.[1] ?? /^\s*(\d+)x\s/i.exec(description)?.[1];
  return count === undefined ? "unknown" : Number(count);
}
