// Written from ../table by `vitest -u`. Do not edit.
import type { Plugin, Provider, Transport } from "@unitrain/core";

/** The settings of the command line that `unitrain.config.ts` may hold. */
export interface OwnConfig {
  /** The machine: local, ssh://user@host:port, an alias of ~/.ssh/config, canopywave[/region], npm:package or ./file.ts. Default: `local`. */
  readonly on?: string;
  /** Where the machine comes from, instead of on. */
  readonly provider?: Provider;
  /** How the machine is reached; by default what fits the provider. */
  readonly transport?: Transport;
  /** The GPU that is wanted: H100; H100:4 for four. */
  readonly gpu?: string;
  /** How many GPUs, at least; 0 for none. */
  readonly gpus?: number;
  /** Where to rent. */
  readonly region?: string;
  /** Pay no more than this an hour. */
  readonly maxPrice?: number;
  /** Spend no more than this in all, not an hour. */
  readonly budget?: number;
  /** A shell line that runs once on the machine before anything is installed, as apt-get install -y libgl1 (repeatable). */
  readonly setup?: string | readonly string[];
  /** Stop the training after this time and download its best model. */
  readonly maxHours?: number;
  /** What trains: a framework's name, npm:package or ./file.ts. */
  readonly framework?: string;
  /** The dataset: a folder or its data.yaml; on the command line of train and plan the first word. */
  readonly data?: string;
  /** Settings of the training, as key=value on the command line. */
  readonly train?: object;
  /** A variable for the training, which is written down; NAME alone takes the value from here (repeatable). */
  readonly env?: Readonly<Record<string, string>>;
  /** A secret variable, taken from here or asked for, never written down (repeatable). */
  readonly secrets?: string | readonly string[];
  /** The folder for the results; -2, -3 … is added where it is not empty. Default: `runs/<task>/<name>`. */
  readonly out?: string;
  /** Download at most this beside the model, and name the rest; 0 downloads the model alone. Default: `10GB`. */
  readonly maxOutput?: string;
  /** Plugins, in their order. */
  readonly plugins?: readonly Plugin[];
}
