/** An estimated figure: its lowest, its most likely and its highest value. */
export interface EstimateRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** How long one part of a run will take, in seconds, and what the estimate is based on. */
export interface PhaseEstimate {
  /** `environment` runs at the same time as `upload`. */
  readonly phase: "boot" | "upload" | "environment" | "epochs" | "finish";
  readonly seconds: EstimateRange;
  /** Where the figures come from, for the user: `12 boots seen from here`, `a guess, beside the upload`. */
  readonly basis: string;
}

/** How long a run on a rented machine will take and what it will cost, estimated before anything is spent. */
export interface Prediction {
  readonly phases: readonly PhaseEstimate[];
  /** The whole run. */
  readonly seconds: EstimateRange;
  /** The whole run at list price, without the unknown parts of the price. */
  readonly costUsd: EstimateRange;
  /** The unknown parts of the price and their worst case: `upfront charge unknown; if 24 h are billed at launch: $54.00`. */
  readonly unknown: readonly string[];
}

/** How long a training takes, as its framework estimates it. */
export interface TrainingEstimate {
  readonly epochs: number;
  readonly secondsPerEpoch: EstimateRange;
  /** Where the figures come from, for the user. */
  readonly basis: string;
}
