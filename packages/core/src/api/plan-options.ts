import type { DataSource, MachineRequest, RepeatedRun, RunSetting } from "../spec/index.ts";

/**
 * The options of `plan()`. Amounts are in US dollars, and durations have their unit in the name.
 *
 * @example
 * ```ts
 * import type { PlanOptions } from "@unitrain/core";
 *
 * const options: PlanOptions = { data: "./pallets", machine: { gpu: "H100" }, budgetUsd: 8 };
 * ```
 */
export interface PlanOptions {
  /** A path on this computer, or any other source that the framework supports. */
  readonly data: string | DataSource;
  /** Minimums for the machine. */
  readonly machine?: Omit<MachineRequest, "diskBytes">;
  /** The most that the whole run may cost, in US dollars. */
  readonly budgetUsd?: number;
  /** The most hours that the whole run may take. */
  readonly maxHours?: number;
  /**
   * For how many minutes a rented machine is kept for the next run after this one has completed. It costs on meanwhile; the guardian
   * releases it when no run has taken it by then. A `provision` hook gives it to a run.
   */
  readonly keepMinutes?: number;
  /** How many times another machine is rented after one was lost while its job ran; 0 by default. Budget and hours hold for all of them together. */
  readonly retries?: number;
  /** The most bytes of output to download beside the model; by default 10 GB. */
  readonly maxOutputBytes?: number;
  /** The upload speed of your internet connection in Mbit/s, for the prediction. By default that of earlier uploads, else a guess. */
  readonly uplinkMbps?: number;
  /** The folder to download everything to. By default a folder named after the run in the framework's folder for results. */
  readonly out?: string;
  /** The name of the run: up to 63 letters, digits, `-` and `_`. By default the name that the framework gives the results, else a random one. */
  readonly name?: string;
  /** Environment variables for the training. They are written to disk, so pass secret ones by `secrets`. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Shell lines to run on the machine before anything is installed, once and in this order: `apt-get install -y libgl1`. Each runs in
   * its own shell, which has the variables and secrets of the training, and one that fails ends the run. They are written to disk, so they
   * must not contain the values of secrets.
   */
  readonly setup?: readonly string[];
  /** The names of secret environment variables, whose values you pass to `start()`. */
  readonly secrets?: readonly string[];
  /** The sources of settings, for the record. Settings of the framework that are not in the list get the source `code` or `default`. */
  readonly settings?: readonly RunSetting[];
  /** The command line that was typed, for the record. */
  readonly command?: string;
  /** The run to repeat. The plan warns if the data is no longer the same. */
  readonly repeats?: RepeatedRun;
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /** Gets short messages for the user. */
  readonly showStatus?: (message: string) => void;
  /** Gets the progress of the check, about once per second; each message replaces the previous one. */
  readonly progress?: (message: string) => void;
}
