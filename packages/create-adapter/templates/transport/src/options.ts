import { UnitrainError } from "@unitrain/core/spec";

// 1. What identifies a machine, and the options of the connection. They are JSON: another process connects with them again.
export interface AcmeNameOptions {
  /** The folder for unitrain's files on the machine: absolute, or below the home folder with `~/`. */
  readonly workFolder?: string;
}

/** Checks the options, which may come from a program without types. */
export function readOptions(options: AcmeNameOptions): AcmeNameOptions {
  const unknown = Object.keys(options).find((key) => key !== "workFolder");
  if (unknown === undefined) return options;
  throw new UnitrainError("INVALID_OPTIONS", `acmeName(): there is no option ${JSON.stringify(unknown)}.`, {
    hint: "Use the option workFolder.",
  });
}
