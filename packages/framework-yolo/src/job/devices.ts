import type { MachineFacts } from "@unitrain/core/spec";
import type { ArgumentValue } from "../options/scalar.ts";

/** A value for `device=`, and the number of GPUs that it uses. */
export interface Devices {
  readonly value: ArgumentValue;
  readonly gpus: number;
  /** A sentence for the user, if the choice is unexpected. */
  readonly note?: string;
}

/** Chooses all GPUs that torch sees unless the user set `device`; the processor when there are none. */
export function chooseDevices(
  requested: ArgumentValue | undefined,
  facts: MachineFacts,
  seen: number | undefined,
): Devices {
  if (requested !== undefined && requested !== null && requested !== "")
    return { value: requested, gpus: parseGpuNumbers(requested).length };
  const gpus = Math.min(facts.gpus.length, seen ?? facts.gpus.length);
  if (gpus === 0) return { value: "cpu", gpus: 0 };
  const value = Array.from({ length: gpus }, (_, index) => index).join(",");
  if (gpus === facts.gpus.length) return { value, gpus };
  return {
    value,
    gpus,
    note: `torch sees only ${gpus} of the ${facts.gpus.length} GPUs, so ${gpus} are used`,
  };
}

/** Returns the GPU numbers in a `device=` value; -1 stands for any idle GPU. */
export function parseGpuNumbers(requested: ArgumentValue): readonly number[] {
  const parts = Array.isArray(requested)
    ? requested
    : String(requested)
        .replace(/^cuda:?/i, "")
        .split(",");
  return parts
    .map((part) => String(part).trim())
    .filter((part) => /^-?\d+$/.test(part))
    .map(Number);
}

/** Returns the GPUs that a training uses: the ones in `device=`, otherwise all. */
export function selectGpus(requested: ArgumentValue | undefined, facts: MachineFacts): MachineFacts["gpus"] {
  if (requested === undefined || requested === null || requested === "") return facts.gpus;
  const gpuNumbers = parseGpuNumbers(requested);
  const anyGpus = facts.gpus.slice(0, gpuNumbers.filter((gpu) => gpu < 0).length);
  return [...gpuNumbers.flatMap((gpu) => facts.gpus[gpu] ?? []), ...anyGpus];
}

/**
 * Describes the devices in `device=` that a machine with this number of GPUs lacks; undefined when it has all of them.
 */
export function describeMissingGpus(
  requested: ArgumentValue | undefined,
  gpus: number,
  machine: string,
): string | undefined {
  if (requested === undefined || requested === null || requested === "") return undefined;
  const gpuNumbers = parseGpuNumbers(requested);
  const problem = gpus === 0 ? "has no GPU" : `has only ${gpus}`;
  const missing = gpuNumbers.find((gpu) => gpu >= gpus);
  if (missing !== undefined)
    return `device names GPU ${missing}, but ${machine} ${problem} (they count from 0)`;
  if (gpuNumbers.length > gpus)
    return `device asks for ${gpuNumbers.length === 1 ? "a GPU" : `${gpuNumbers.length} GPUs`} (-1 is any idle one), but ${machine} ${problem}`;
  if (gpus === 0 && /^(?:cuda|gpu)\b/i.test(String(requested)))
    return `device asks for a GPU, but ${machine} ${problem}`;
  return undefined;
}
