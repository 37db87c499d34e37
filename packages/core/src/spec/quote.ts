/** An amount in US dollars, or `unknown`, which is shown as its worst case and never as zero. */
export type Usd = number | "unknown";

/** The machine that a run needs. All figures but `maxUsdPerHour` are minimums. */
export interface MachineRequest {
  /** The GPU model as users write it: `H100`. */
  readonly gpu?: string;
  /** The number of GPUs. */
  readonly gpus?: number;
  /** The number of machines that the job runs on, by default 1. The other figures are per machine. */
  readonly nodes?: number;
  readonly gpuMemoryBytes?: number;
  readonly ramBytes?: number;
  readonly diskBytes: number;
  readonly region?: string;
  readonly maxUsdPerHour?: number;
}

/** An offer of a provider and its price. JSON, because the plan keeps it; it is passed to `lease` unchanged. */
export interface Quote {
  /** The offer in words for the user: `H100-1 in sequoia, GPU-Ubuntu.24.04`. */
  readonly machine: string;
  readonly region?: string;
  /** The price of the whole machine with all its GPUs. */
  readonly priceUsdPerHour: number;
  /** What a launch costs in any case. */
  readonly upfrontUsd: Usd;
  /** The price of storage, addresses and the like. */
  readonly otherUsdPerHour: Usd;
  /** Time is billed in multiples of this. */
  readonly billingTickSeconds: number;
  /** The number of GPUs; `unknown` if it can be found out only on the machine. */
  readonly gpus: number | "unknown";
  /** The number of machines in the offer, by default 1. Prices are for all of them together. */
  readonly nodes?: number;
  readonly gpu?: { readonly name: string; readonly memoryBytes: number };
  readonly cpus?: number;
  readonly ramBytes?: number;
  readonly diskBytes?: number;
  readonly available: "yes" | "no" | "unknown";
  /** Whether the provider may take the machine away while it is in use (spot, preemptible). */
  readonly interruptible: boolean;
  /**
   * Whether the provider itself ends the machine some time after `LeaseContext.endsBy`, also if this computer is gone by then. Left out
   * if it cannot.
   */
  readonly ownDeadline?: boolean;
  /** The time from the request until the machine accepts connections. */
  readonly bootSeconds: { readonly likely: number; readonly high: number };
  /** Any JSON that the provider needs in `lease`. */
  readonly reference: unknown;
}
