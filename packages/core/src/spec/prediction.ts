/** A figure that is not known yet. */
export interface EstimateRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** How long one part of a run will take, in seconds, and where that is known from. */
export interface PhaseEstimate {
  /** `environment` goes beside `upload`. */
  readonly phase: "boot" | "upload" | "environment" | "epochs" | "finish";
  readonly seconds: EstimateRange;
  /** `12 boots seen from here`, `a guess: no earlier run of this kind`. */
  readonly basis: string;
}

/** What a run on a rented machine will take and cost, before anything is spent. */
export interface Prediction {
  readonly phases: readonly PhaseEstimate[];
  /** In all. */
  readonly seconds: EstimateRange;
  /** In all, at list price, without what is unknown of it. */
  readonly costUsd: EstimateRange;
  /** What the unknown parts of the price come to at worst, each with why: `upfront charge unknown; if 24 h are billed at launch: $54.00`. */
  readonly unknown: readonly string[];
}

/** What a framework knows of its training's length beforehand. */
export interface TrainingEstimate {
  readonly epochs: number;
  readonly secondsPerEpoch: EstimateRange;
  readonly basis: string;
}
