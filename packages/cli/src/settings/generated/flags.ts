// Written from ../table by `vitest -u`. Do not edit.

/** All flags of all commands, as the parser gives them; each command takes its own. */
export interface OwnFlags {
  /** The machine: local, ssh://user@host:port, an alias of ~/.ssh/config, canopywave[/region], npm:package or ./file.ts. Default: `local`. */
  readonly on?: string;
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
  readonly setup?: readonly string[];
  /** How fast this computer uploads, for the prediction. */
  readonly uplink?: number;
  /** Stop the training after this time and download its best model. */
  readonly maxHours?: number;
  /** What trains: a framework's name, npm:package or ./file.ts. */
  readonly framework?: string;
  /** The dataset: a folder or its data.yaml; on the command line of train and plan the first word. */
  readonly data?: string;
  /** A variable for the training, which is written down; NAME alone takes the value from here (repeatable). */
  readonly env?: readonly string[];
  /** A secret variable, taken from here or asked for, never written down (repeatable). */
  readonly secret?: readonly string[];
  /** Leave the training running once it runs; attach comes back to it. */
  readonly detach?: boolean;
  /** The same as plan. */
  readonly dryRun?: boolean;
  /** Rent without asking, which needs --budget or --max-hours; run setup lines on your machine without asking. */
  readonly yes?: boolean;
  /** Never ask; fail where an answer would be needed. */
  readonly input?: boolean;
  /** Repeat this run: its data, settings and machine; what is given here comes on top. */
  readonly from?: string;
  /** What to call the run; by default one is made up. */
  readonly name?: string;
  /** The folder for the results; -2, -3 … is added where it is not empty. Default: `runs/<task>/<name>`. */
  readonly out?: string;
  /** Download at most this beside the model, and name the rest; 0 downloads the model alone. Default: `10GB`. */
  readonly maxOutput?: number;
  /** Instead of ./unitrain.config.ts; --no-config for none. */
  readonly config?: string | false;
  /** Every finding, and where each value comes from. */
  readonly verbose?: boolean;
  /** Write over a file that is there. */
  readonly force?: boolean;
  /** Every run; without it the newest 20 of those that are over. */
  readonly all?: boolean;
  /** Only runs that stand so: active, over, done, failed and the like (repeatable). */
  readonly state?: readonly string[];
  /** Only runs begun since then: 7d, 12h or 2026-11-01. */
  readonly since?: string;
  /** Only so many, the newest. */
  readonly limit?: number;
  /** Go on until the run is over; on a terminal this is so while it lives (--no-follow). */
  readonly follow?: boolean;
  /** Bring a port of the machine here, as ssh -L does (repeatable). */
  readonly forward?: readonly string[];
  /** Print the ssh command instead, for editors and scripts. */
  readonly print?: boolean;
  /** Leave trainings to the guardian, which goes on to their end. */
  readonly finish?: boolean;
  /** Release at once; models that were not downloaded are lost. */
  readonly discard?: boolean;
  /** Time for stopping a training and its download. Default: `10`. */
  readonly within?: number;
  /** Also what carries our names at the provider and is in no record here: asks which to end. */
  readonly untracked?: boolean;
  /** Only what was not used for so long: 30d, 12h, 2w, 0. Default: `30d`. */
  readonly olderThan?: string;
  /** Forget the key that is kept. */
  readonly remove?: boolean;
  /** As JSON. */
  readonly json?: boolean;
}
