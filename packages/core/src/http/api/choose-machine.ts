import { formatBytes, formatUsd, type MachineRequest, UnitrainError } from "../../spec/index.ts";
import { isGpu, readWantedGpu, type WantedGpu } from "./gpu-name.ts";
import { pickName, unknownNameError } from "./pick-name.ts";

/** A type of machine that a cloud offers. Whatever is not known is left out. */
export interface MachineType {
  /** The cloud's name for it: `H100-4`. */
  readonly id: string;
  /** What people read: `4x H100 (80 GB SXM5)`. */
  readonly name: string;
  readonly gpus: number | "unknown";
  /** Memory of one GPU. */
  readonly gpuMemoryBytes?: number;
  /** `H100`. */
  readonly gpu?: string;
  readonly cpus?: number;
  readonly ramBytes?: number;
  readonly diskBytes?: number;
  /** Price of the whole machine; undefined when it cannot be read. */
  readonly priceUsdPerHour?: number;
}

/** A machine type with a price. */
export type Priced<Type extends MachineType> = Type & { readonly priceUsdPerHour: number };

/** The machine that is looked for. */
export type WantedMachine = WantedGpu &
  Pick<MachineRequest, "gpuMemoryBytes" | "ramBytes" | "diskBytes" | "maxUsdPerHour"> & {
    /** The id of a machine type, if the user named one. */
    readonly typeId?: string | undefined;
  };

/** How a cloud calls itself and its machine types, in errors. */
export interface TypeWords {
  readonly cloud: string;
  /** `flavor`, `instance type`. */
  readonly type: string;
}

/** The options of a provider that choose a machine. */
interface ChoosingSettings {
  readonly gpu?: string | undefined;
  readonly gpus?: number | undefined;
  readonly maxUsdPerHour?: number | undefined;
}

/** Merges the request of a run with the options. The request takes precedence; of two price limits the lower one applies. */
export function mergeWanted(
  request: MachineRequest,
  settings: ChoosingSettings,
  typeId: string | undefined,
): WantedMachine {
  const limits = [request.maxUsdPerHour, settings.maxUsdPerHour].filter((limit) => limit !== undefined);
  return {
    ...request,
    ...readWantedGpu(
      request.gpu ?? settings.gpu,
      request.gpus ?? (request.gpu === undefined ? settings.gpus : undefined),
    ),
    ...(limits.length === 0 ? {} : { maxUsdPerHour: Math.min(...limits) }),
    typeId,
  };
}

/**
 * Finds the machines that fit, the cheapest first; throws when there is none. All have the same number of GPUs, the smallest that is
 * enough, because nobody should pay for eight GPUs who asked for one.
 */
export function findCandidates<Type extends MachineType>(
  words: TypeWords,
  types: readonly Type[],
  wanted: WantedMachine,
): readonly Priced<Type>[] {
  if (wanted.typeId !== undefined) return [findNamedType(words, types, wanted, wanted.typeId)];
  const matching = types.filter((type) => isWantedGpu(type, wanted));
  if (matching.length === 0) {
    const gpus = [...new Set(types.flatMap(({ gpu }) => gpu ?? []))];
    throw unknownNameError(words.cloud, "GPU", wanted.gpu ?? "", gpus);
  }
  const assessed = matching.map((type) => ({ type, shortcomings: listShortcomings(type, wanted) }));
  const fitting = assessed.flatMap(({ type, shortcomings }) =>
    shortcomings.length === 0 && isPriced(type) ? [type] : [],
  );
  if (fitting.length === 0) throw nothingFitsError(words, assessed);
  const minGpus = Math.min(...fitting.map(({ gpus }) => Number(gpus)));
  return fitting.filter(({ gpus }) => gpus === minGpus).sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
}

function findNamedType<Type extends MachineType>(
  words: TypeWords,
  types: readonly Type[],
  wanted: WantedMachine,
  name: string,
): Priced<Type> {
  const ids = types.map(({ id }) => id);
  const id = pickName(words.cloud, words.type, name, ids);
  const type = types.find((candidate) => candidate.id === id);
  if (type === undefined) throw unknownNameError(words.cloud, words.type, name, []);
  const shortcomings = listShortcomings(type, {
    ...wanted,
    ...(wanted.gpu === undefined ? { gpus: wanted.gpus ?? 0 } : {}),
  });
  if (wanted.gpu !== undefined && !isGpu(wanted.gpu, type.name)) shortcomings.push(`is not ${wanted.gpu}`);
  if (shortcomings.length === 0 && isPriced(type)) return type;
  throw nothingFitsError(words, [{ type, shortcomings }]);
}

function isWantedGpu(type: MachineType, wanted: WantedMachine): boolean {
  if (wanted.gpu !== undefined) return type.gpu !== undefined && isGpu(wanted.gpu, type.name);
  return wanted.gpus === 0 ? type.gpus === 0 : typeof type.gpus === "number" && type.gpus > 0;
}

/** Lists everything that is too small or too expensive. An unknown value is accepted. */
function listShortcomings(type: MachineType, wanted: WantedMachine): string[] {
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
  requireAtLeast("", type.gpus, wanted.gpus ?? (wanted.gpu === undefined ? undefined : 1), formatGpus);
  requireAtLeast(" of GPU memory", type.gpuMemoryBytes, wanted.gpuMemoryBytes, formatBytes);
  requireAtLeast(" of memory", type.ramBytes, wanted.ramBytes, formatBytes);
  requireAtLeast(" of disk", type.diskBytes, wanted.diskBytes, formatBytes);
  if (type.priceUsdPerHour === undefined) shortcomings.push("has no readable price");
  else if (wanted.maxUsdPerHour !== undefined && type.priceUsdPerHour > wanted.maxUsdPerHour) {
    shortcomings.push(
      `costs ${formatUsd(type.priceUsdPerHour)} an hour, ${formatUsd(wanted.maxUsdPerHour)} is the limit`,
    );
  }
  return shortcomings;
}

function isPriced<Type extends MachineType>(type: Type): type is Priced<Type> {
  return type.priceUsdPerHour !== undefined;
}

function nothingFitsError(
  { cloud }: TypeWords,
  assessed: readonly { readonly type: MachineType; readonly shortcomings: readonly string[] }[],
): UnitrainError {
  const shown = assessed
    .slice(0, 8)
    .map(({ type, shortcomings }) => `${type.id} ${shortcomings.join(" and ")}`);
  return new UnitrainError("NOT_AVAILABLE", `No machine of ${cloud} fits: ${shown.join("; ")}.`, {
    hint: "Request less, or raise the price limit.",
    action: { type: "list-offers" },
  });
}

function formatGpus(count: number): string {
  return count === 1 ? "1 GPU" : `${count} GPUs`;
}
