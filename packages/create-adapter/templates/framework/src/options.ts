import { UnitrainError } from "@unitrain/core/spec";

// 1. The options of a training. They are JSON, because another process continues the run with them.
export interface AcmeNameOptions {
  /** How many rounds to train; 3 by default. */
  readonly rounds?: number;
}

/** Checks the options, which may come from a program without types or from a command line. */
export function readOptions(options: AcmeNameOptions): Required<AcmeNameOptions> {
  const unknown = Object.keys(options).find((key) => key !== "rounds");
  const { rounds = 3 } = options;
  if (unknown === undefined && Number.isSafeInteger(rounds) && rounds > 0) return { rounds };
  const fault =
    unknown === undefined ? "rounds is not a positive whole number" : `there is no option ${unknown}`;
  throw new UnitrainError("INVALID_OPTIONS", `acmeName(): ${fault}.`, { hint: "Write rounds=3." });
}
