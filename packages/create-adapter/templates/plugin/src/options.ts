import { UnitrainError } from "@unitrain/core/spec";

// 1. The options of the plugin. They are JSON, because another process continues the run with them.
export interface AcmeNameOptions {
  /** How many processors the machine must have; 1 by default. */
  readonly minCpus?: number;
}

/** Checks the options, which may come from a program without types. */
export function readOptions(options: AcmeNameOptions): Required<AcmeNameOptions> {
  const unknown = Object.keys(options).find((key) => key !== "minCpus");
  const { minCpus = 1 } = options;
  if (unknown === undefined && Number.isSafeInteger(minCpus) && minCpus > 0) return { minCpus };
  const fault =
    unknown === undefined ? "minCpus is not a positive whole number" : `there is no option ${unknown}`;
  throw new UnitrainError("INVALID_OPTIONS", `acmeName(): ${fault}.`, { hint: "Use the option minCpus." });
}
