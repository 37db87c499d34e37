// Written from ../table by `vitest -u`. Do not edit.
import type { Plugin, Provider, Transport } from "@unitrain/core";

/** The settings of the command line that `unitrain.config.ts` may hold. */
export interface OwnConfig {
  /** The machine: local, ssh://user@host:port, an alias of ~/.ssh/config, canopywave, lambda or runpod (each also with /region), cheapest of these, npm:package or ./file.ts. Default: `local`. */
  readonly on?: string;
  /** Where the machine comes from, instead of on. */
  readonly provider?: Provider;
  /** How the machine is reached; by default what fits the provider. */
  readonly transport?: Transport;
  /** The GPU: H100, or H100:4 for four. */
  readonly gpu?: string;
  /** The minimum number of GPUs; 0 for none. */
  readonly gpus?: number;
  /** The region to rent in. */
  readonly region?: string;
  /** The highest price per hour. */
  readonly maxPrice?: number;
  /** The highest total cost of the run. */
  readonly budget?: number;
  /** A shell line to run once on the machine before the installation, such as apt-get install -y libgl1 (repeatable). */
  readonly setup?: string | readonly string[];
  /** Stop the training after this time and download its best model. */
  readonly maxHours?: number;
  /** The framework: a name, npm:package or ./file.ts. */
  readonly framework?: string;
  /** The dataset: a folder or its data.yaml; on the command line of train and plan the first word. */
  readonly data?: string;
  /** Settings of the training, as key=value on the command line. */
  readonly train?: object;
  /** An environment variable of the training, which is recorded; NAME alone takes the value from this computer (repeatable). */
  readonly env?: Readonly<Record<string, string>>;
  /** A secret environment variable, taken from this computer or asked for, and never recorded (repeatable). */
  readonly secrets?: string | readonly string[];
  /** The folder for the results; -2, -3, … is added if it is not empty. Default: `runs/<task>/<name>`. */
  readonly out?: string;
  /** Download at most this much besides the model, and list the rest; 0 downloads only the model. Default: `10GB`. */
  readonly maxOutput?: string;
  /** Plugins, in their order. */
  readonly plugins?: readonly Plugin[];
}
