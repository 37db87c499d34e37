import { isGpu, pickName, readWantedGpu, unknownNameError, type WantedGpu } from "@unitrain/core/http";
import { formatBytes, formatUsd, type MachineRequest, UnitrainError } from "@unitrain/core/spec";
import { api } from "../api/api.ts";
import type { Settings } from "../options.ts";
import type { Flavor } from "./flavor.ts";

type PricedFlavor = Flavor & { readonly priceUsdPerHour: number };

export type WantedMachine = WantedGpu &
  Pick<MachineRequest, "gpuMemoryBytes" | "ramBytes" | "diskBytes" | "maxUsdPerHour"> & {
    readonly flavor?: string | undefined;
  };

/** Merges the request of a run with the options. The request takes precedence; of two price limits the lower one applies. */
export function mergeWanted(request: MachineRequest, settings: Settings): WantedMachine {
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
 * Finds the machines that fit, the cheapest first; throws when there is none. All have the same number of GPUs, the smallest that is
 * enough, because nobody should pay for eight GPUs who asked for one.
 */
export function findCandidates(flavors: readonly Flavor[], wanted: WantedMachine): readonly PricedFlavor[] {
  if (wanted.flavor !== undefined) return [findNamedFlavor(flavors, wanted, wanted.flavor)];
  const matching = flavors.filter((flavor) => isWantedGpu(flavor, wanted));
  if (matching.length === 0) {
    const gpus = [...new Set(flavors.flatMap(({ gpu }) => gpu ?? []))];
    throw unknownNameError(api.cloud, "GPU", wanted.gpu ?? "", gpus);
  }
  const assessed = matching.map((flavor) => ({ flavor, shortcomings: listShortcomings(flavor, wanted) }));
  const fitting = assessed.flatMap(({ flavor, shortcomings }) =>
    shortcomings.length === 0 && isPriced(flavor) ? [flavor] : [],
  );
  if (fitting.length === 0) throw nothingFitsError(assessed);
  const minGpus = Math.min(...fitting.map(({ gpus }) => Number(gpus)));
  return fitting.filter(({ gpus }) => gpus === minGpus).sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
}

function findNamedFlavor(flavors: readonly Flavor[], wanted: WantedMachine, name: string): PricedFlavor {
  const id = pickName(
    api.cloud,
    "flavor",
    name,
    flavors.map(({ flavor }) => flavor),
  );
  const flavor = flavors.find((candidate) => candidate.flavor === id);
  if (flavor === undefined) throw unknownNameError(api.cloud, "flavor", name, []);
  const shortcomings = listShortcomings(flavor, {
    ...wanted,
    ...(wanted.gpu === undefined ? { gpus: wanted.gpus ?? 0 } : {}),
  });
  if (wanted.gpu !== undefined && !isGpu(wanted.gpu, flavor.name)) shortcomings.push(`is not ${wanted.gpu}`);
  if (shortcomings.length === 0 && isPriced(flavor)) return flavor;
  throw nothingFitsError([{ flavor, shortcomings }]);
}

function isWantedGpu(flavor: Flavor, wanted: WantedMachine): boolean {
  if (wanted.gpu !== undefined) return flavor.gpu !== undefined && isGpu(wanted.gpu, flavor.name);
  return wanted.gpus === 0 ? flavor.gpus === 0 : typeof flavor.gpus === "number" && flavor.gpus > 0;
}

/** Lists everything that is too small or too expensive. An unknown value is accepted. */
function listShortcomings(flavor: Flavor, wanted: WantedMachine): string[] {
  const shortcomings: string[] = [];
  const requireAtLeast = (
    quantity: string,
    offered: number | "unknown" | undefined,
    required: number | undefined,
    format: (value: number) => string,
  ) => {
    if (typeof offered === "number" && required !== undefined && offered < required) {
      shortcomings.push(`has ${format(offered)}${quantity}, ${format(required)} requested`);
    }
  };
  requireAtLeast("", flavor.gpus, wanted.gpus ?? (wanted.gpu === undefined ? undefined : 1), formatGpus);
  requireAtLeast(" of GPU memory", flavor.gpuMemoryBytes, wanted.gpuMemoryBytes, formatBytes);
  requireAtLeast(" of memory", flavor.ramBytes, wanted.ramBytes, formatBytes);
  requireAtLeast(" of disk", flavor.diskBytes, wanted.diskBytes, formatBytes);
  if (flavor.priceUsdPerHour === undefined) shortcomings.push("has no readable price");
  else if (wanted.maxUsdPerHour !== undefined && flavor.priceUsdPerHour > wanted.maxUsdPerHour) {
    shortcomings.push(
      `costs ${formatUsd(flavor.priceUsdPerHour)} an hour, ${formatUsd(wanted.maxUsdPerHour)} is the limit`,
    );
  }
  return shortcomings;
}

function isPriced(flavor: Flavor): flavor is PricedFlavor {
  return flavor.priceUsdPerHour !== undefined;
}

function nothingFitsError(
  assessed: readonly { readonly flavor: Flavor; readonly shortcomings: readonly string[] }[],
): UnitrainError {
  const shown = assessed
    .slice(0, 8)
    .map(({ flavor, shortcomings }) => `${flavor.flavor} ${shortcomings.join(" and ")}`);
  return new UnitrainError("NOT_AVAILABLE", `No machine of CanopyWave fits: ${shown.join("; ")}.`, {
    hint: "Request less, or raise the price limit.",
    action: { type: "list-offers" },
  });
}

function formatGpus(count: number): string {
  return count === 1 ? "1 GPU" : `${count} GPUs`;
}
