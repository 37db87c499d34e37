import type { MachineType } from "@unitrain/core/http";
import type { InstanceType } from "../api/answers.ts";

/** One type of machine, parsed from CanopyWave's descriptions for people. */
export interface Flavor extends MachineType {
  readonly images: readonly string[];
}

/**
 * Parses `name` "4x H100 (80 GB SXM5)", `specs` "80 cores, 800.0 GB RAM, 2 TB NVMe", `price` in cents for the whole machine,
 * `priceHour` "$2.25 / gpu / hour". Whatever cannot be parsed is omitted.
 */
export function readFlavor(type: InstanceType): Flavor {
  const name = type.name ?? type.flavor;
  const specs = readSpecs(type.specs ?? "");
  const gpus = readGpus(type, name);
  const priceUsdPerHour = readPrice(type, gpus.gpus, specs.cpus);
  return {
    id: type.flavor,
    name,
    ...gpus,
    ...specs,
    images: type.images ?? [],
    ...(priceUsdPerHour === undefined ? {} : { priceUsdPerHour }),
  };
}

type Gpus = Pick<Flavor, "gpus" | "gpu" | "gpuMemoryBytes">;

function readGpus(type: InstanceType, name: string): Gpus {
  const unit = /\/\s*([cg]pu)\b/i.exec(type.priceHour ?? "")?.[1]?.toLowerCase();
  const [, count, model, detail] = /^\s*(\d+)\s*x\s+([^(]+?)\s*(?:\(([^)]*)\))?\s*$/i.exec(name) ?? [];
  if (unit === "cpu") return { gpus: 0 };
  if (count === undefined || model === undefined) {
    // Neither the price nor the name mentions a GPU: a type with only CPU images has none.
    const images = type.images ?? [];
    return { gpus: images.length > 0 && images.every((image) => /^cpu\b/i.test(image)) ? 0 : "unknown" };
  }
  const gpuMemoryBytes = readBytes(detail ?? model);
  return { gpus: Number(count), gpu: model, ...(gpuMemoryBytes === undefined ? {} : { gpuMemoryBytes }) };
}

function readSpecs(specs: string): Pick<Flavor, "cpus" | "ramBytes" | "diskBytes"> {
  let cpus: number | undefined;
  let ramBytes: number | undefined;
  let diskBytes: number | undefined;
  for (const part of specs.split(/,(?!\d)/)) {
    const bytes = readBytes(part);
    if (bytes === undefined) cpus ??= readNumber(/(\d+)\s*(?:v?cpus?|v?cores?)\b/i.exec(part)?.[1]);
    else if (/\b(?:ram|memory)\b/i.test(part)) ramBytes ??= bytes;
    else if (/\b(?:nvme|ssd|disk|storage|hdd)\b/i.test(part)) diskBytes ??= bytes;
  }
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(ramBytes === undefined ? {} : { ramBytes }),
    ...(diskBytes === undefined ? {} : { diskBytes }),
  };
}

/** Reads the price. Where the two prices differ, the higher one is used. */
function readPrice(type: InstanceType, gpus: Flavor["gpus"], cpus?: number): number | undefined {
  const cents = readNumber(type.price);
  const [, dollars, unit] = /\$\s*([\d.,]+)\s*(?:\/\s*([cg]pu))?/i.exec(type.priceHour ?? "") ?? [];
  const price = readNumber(dollars);
  const count = unit === undefined ? 1 : unit.toLowerCase() === "gpu" ? gpus : cpus;
  const prices = [
    cents === undefined ? undefined : cents / 100,
    price === undefined || typeof count !== "number" ? undefined : price * count,
  ].filter((price) => price !== undefined && price > 0) as number[];
  return prices.length === 0 ? undefined : Math.round(Math.max(...prices) * 1e6) / 1e6;
}

const unitBytes: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Reads the first size in the text. A GB counts as 10^9 bytes, so that the result is rather too small than too large. */
function readBytes(text: string): number | undefined {
  const [, amount, unit = ""] = /([\d.,]+)\s*([MGT]i?B)\b/i.exec(text) ?? [];
  const number = readNumber(amount);
  const factor = unitBytes[unit.toUpperCase()];
  return number === undefined || factor === undefined ? undefined : Math.round(number * factor);
}

function readNumber(value: string | number | null | undefined): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const number = typeof value === "number" ? value : Number(value.replaceAll(",", ""));
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
