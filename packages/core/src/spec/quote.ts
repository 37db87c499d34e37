/** US dollars, or `unknown`, which is shown as its worst case and never as zero. */
export type Usd = number | "unknown";

/** What a run asks of a machine. Every figure is a minimum, `maxUsdPerHour` apart. */
export interface MachineRequest {
  /** As users write it: `H100`. */
  readonly gpu?: string;
  readonly gpus?: number;
  /** How many machines the job spans; the other figures are for each of them. By default 1. */
  readonly nodes?: number;
  readonly gpuMemoryBytes?: number;
  readonly ramBytes?: number;
  readonly diskBytes: number;
  readonly region?: string;
  readonly maxUsdPerHour?: number;
}

/** One machine that can be had and what it costs. JSON: it is kept in the plan and goes back into `lease` unchanged. */
export interface Quote {
  /** For a person: `H100-1 in sequoia, GPU-Ubuntu.24.04`. */
  readonly machine: string;
  readonly region?: string;
  /** For the whole machine, all its GPUs together. */
  readonly priceUsdPerHour: number;
  /** What is owed at launch whatever happens. */
  readonly upfrontUsd: Usd;
  /** Storage, address. */
  readonly otherUsdPerHour: Usd;
  readonly billingTickSeconds: number;
  /** `unknown` where nobody can tell before the machine is reached. */
  readonly gpus: number | "unknown";
  /** How many such machines the offer holds, 1 by default. Prices are for all of them together. */
  readonly nodes?: number;
  readonly gpu?: { readonly name: string; readonly memoryBytes: number };
  readonly cpus?: number;
  readonly ramBytes?: number;
  readonly diskBytes?: number;
  readonly available: "yes" | "no" | "unknown";
  /** It may be taken away while in use (spot, preemptible). */
  readonly interruptible: boolean;
  readonly bootSeconds: { readonly likely: number; readonly high: number };
  /** JSON of the provider's own. */
  readonly reference: unknown;
}
