import { formatBytes, formatUsd, type MachineRequest, UnitrainError } from "@unitrain/core/spec";
import type { Settings } from "../options.ts";
import type { Flavor } from "./flavor.ts";
import { isGpu, readWantedGpu, type WantedGpu } from "./gpu-name.ts";
import { pick, unknownName } from "./suggest.ts";

type Priced = Flavor & { readonly priceUsdPerHour: number };

export type Wanted = WantedGpu &
  Pick<MachineRequest, "gpuMemoryBytes" | "ramBytes" | "diskBytes" | "maxUsdPerHour"> & {
    readonly flavor?: string | undefined;
  };

/** What this run asks for goes before what the options say; of two price limits the lower one holds. */
export function wantedOf(request: MachineRequest, settings: Settings): Wanted {
  const limits = [request.maxUsdPerHour, settings.maxUsdPerHour].filter((limit) => limit !== undefined);
  return {
    ...request,
    ...readWantedGpu(
      request.gpu ?? settings.gpu,
      request.gpus ?? (request.gpu === undefined ? settings.gpus : undefined),
    ),
    ...(limits.length === 0 ? {} : { maxUsdPerHour: Math.min(...limits) }),
    flavor: settings.flavor,
  };
}

/**
 * Machines that do, cheapest first, none of them empty. All have the same number of GPUs: the smallest that is enough,
 * because paying for eight where one was asked for must be somebody's own choice.
 */
export function candidates(flavors: readonly Flavor[], wanted: Wanted): readonly Priced[] {
  if (wanted.flavor !== undefined) return [theFlavor(flavors, wanted, wanted.flavor)];
  const named = flavors.filter((flavor) => isWantedGpu(flavor, wanted));
  if (named.length === 0) {
    const gpus = [...new Set(flavors.flatMap(({ gpu }) => gpu ?? []))];
    throw unknownName("GPU", wanted.gpu ?? "", gpus);
  }
  const judged = named.map((flavor) => ({ flavor, lacks: lacksOf(flavor, wanted) }));
  const fit = judged.flatMap(({ flavor, lacks }) => (lacks.length === 0 && isPriced(flavor) ? [flavor] : []));
  if (fit.length === 0) throw nothingFits(judged);
  const fewest = Math.min(...fit.map(({ gpus }) => Number(gpus)));
  return fit.filter(({ gpus }) => gpus === fewest).sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
}

function theFlavor(flavors: readonly Flavor[], wanted: Wanted, name: string): Priced {
  const id = pick(
    "flavor",
    name,
    flavors.map(({ flavor }) => flavor),
  );
  const flavor = flavors.find((candidate) => candidate.flavor === id);
  if (flavor === undefined) throw unknownName("flavor", name, []);
  const lacks = lacksOf(flavor, {
    ...wanted,
    ...(wanted.gpu === undefined ? { gpus: wanted.gpus ?? 0 } : {}),
  });
  if (wanted.gpu !== undefined && !isGpu(wanted.gpu, flavor.name)) lacks.push(`is not ${wanted.gpu}`);
  if (lacks.length === 0 && isPriced(flavor)) return flavor;
  throw nothingFits([{ flavor, lacks }]);
}

function isWantedGpu(flavor: Flavor, wanted: Wanted): boolean {
  if (wanted.gpu !== undefined) return flavor.gpu !== undefined && isGpu(wanted.gpu, flavor.name);
  return wanted.gpus === 0 ? flavor.gpus === 0 : typeof flavor.gpus === "number" && flavor.gpus > 0;
}

/** Everything about it that is too little; what is not told may do. */
function lacksOf(flavor: Flavor, wanted: Wanted): string[] {
  const lacks: string[] = [];
  const least = (
    quantity: string,
    offered: number | "unknown" | undefined,
    required: number | undefined,
    format: (value: number) => string,
  ) => {
    if (typeof offered === "number" && required !== undefined && offered < required) {
      lacks.push(`has ${format(offered)}${quantity}, ${format(required)} wanted`);
    }
  };
  least("", flavor.gpus, wanted.gpus ?? (wanted.gpu === undefined ? undefined : 1), gpus);
  least(" of GPU memory", flavor.gpuMemoryBytes, wanted.gpuMemoryBytes, formatBytes);
  least(" of memory", flavor.ramBytes, wanted.ramBytes, formatBytes);
  least(" of disk", flavor.diskBytes, wanted.diskBytes, formatBytes);
  if (flavor.priceUsdPerHour === undefined) lacks.push("has no price that can be read");
  else if (wanted.maxUsdPerHour !== undefined && flavor.priceUsdPerHour > wanted.maxUsdPerHour) {
    lacks.push(
      `costs ${formatUsd(flavor.priceUsdPerHour)} an hour, ${formatUsd(wanted.maxUsdPerHour)} is the limit`,
    );
  }
  return lacks;
}

function isPriced(flavor: Flavor): flavor is Priced {
  return flavor.priceUsdPerHour !== undefined;
}

function nothingFits(
  judged: readonly { readonly flavor: Flavor; readonly lacks: readonly string[] }[],
): UnitrainError {
  const shown = judged.slice(0, 8).map(({ flavor, lacks }) => `${flavor.flavor} ${lacks.join(" and ")}`);
  return new UnitrainError("NOT_AVAILABLE", `No machine of CanopyWave does: ${shown.join("; ")}.`, {
    hint: "Ask for less, raise the limit of the price, or leave out what need not be.",
    action: { type: "list-offers" },
  });
}

function gpus(count: number): string {
  return count === 1 ? "1 GPU" : `${count} GPUs`;
}
