import { InvalidArgumentError } from "commander";

/** Flags of `train` and `plan`. */
export interface TrainFlags {
  readonly on: string;
  readonly name?: string;
  readonly out?: string;
  readonly budget?: number;
  readonly maxHours?: number;
  readonly detach?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
  /** `--no-input` makes it false. */
  readonly input?: boolean;
  readonly verbose?: boolean;
}

/** Flags of the commands that look at what was run. */
export interface RunFlags {
  readonly json?: boolean;
  readonly follow?: boolean;
}

/** A number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}
