import type { GcOptions, GcReport } from "./lease/gc/gc-report.ts";
import type { MachineCalls } from "./machines/machine-calls.ts";
import type { Ports } from "./ports.ts";
import type { RunDetails, RunSummary } from "./runs/run-summary.ts";
import type {
  Access,
  DataSource,
  Framework,
  MachineRequest,
  Outcome,
  Plan,
  Plugin,
  Prediction,
  Provider,
  Quote,
  Receipt,
  RepeatedRun,
  RunEvent,
  RunSetting,
  SavedFile,
  Transport,
} from "./spec/index.ts";

/** Where unitrain keeps its state, and how it makes adapters again that a plan names. */
export interface RunsOptions {
  /** The state folder of this user; `UNITRAIN_HOME`, else the operating system's place for application data. */
  readonly home?: string;
  /** Imports the module of an adapter's recipe. By default `import()` as seen from `folder`, in which the run was started. */
  readonly load?: (module: string, folder: string) => Promise<unknown>;
  /**
   * How the guardian is started: program and words. It is a process without a screen that goes on with rented runs when the
   * one that drives them ends. `false`: none, and then a rented machine cannot be detached from. By default a process of this package.
   */
  readonly guardian?: readonly string[] | false;
  /** What the engine stands on (clock, ledger file, locks), for tests that own time and kill. */
  readonly ports?: Partial<Ports>;
}

/** What has been run on this computer, and what goes on. Needs no adapters: they are made again from what the plans name. */
export interface Runs {
  /** Newest first. Reads files only. */
  runs(): Promise<readonly RunSummary[]>;
  /**
   * Finds a run by its id, its name, or the beginning of its id; the newest when none is given. Reads files only.
   *
   * @throws UnitrainError `RUN_NOT_FOUND`; `STATE_UNREADABLE` when its records do not tell.
   */
  find(run?: string): Promise<RunDetails>;
  /**
   * Takes up a run by its id, its name, or the beginning of its id; the newest when none is given.
   *
   * As `controller` it goes on where the last one stopped (at most one: `RUN_BUSY` while another lives).
   * As `follower` it watches, and changes nothing. Without `as`: the controller when there is none, else a follower.
   * Of a run that is over both only replay.
   */
  attach(run?: string, options?: AttachOptions): Promise<Run>;
  /**
   * Returns how to connect to a run's machine with another program (`ssh`, an editor). The newest run when none is given.
   * Changes nothing and connects to nothing; writes files of our own below the run's folder.
   *
   * @throws UnitrainError `NOT_AVAILABLE` when there is no machine (yet, or any more), or its transport offers no such way.
   */
  access(run?: string): Promise<Access>;
  /**
   * Drives every run that costs money, or has a limit, and that no living process drives, until there is none left. One for a
   * state folder: resolves at once when another one guards it. Meant for a process of its own.
   */
  guard(options?: GuardOptions): Promise<void>;
  /**
   * Starts a guardian when a run needs one and nobody drives it. Answers the names of those runs, and why there is no guardian
   * when none could be started. For the start of a program.
   */
  wakeGuardian(): Promise<{ readonly runs: readonly string[]; readonly missing?: string }>;
  /**
   * Removes the records of a run that is over and cannot cost any more, by its id or name; results that were downloaded stay where they
   * are.
   *
   * @throws UnitrainError `RUN_NOT_FOUND`; `RUN_BUSY` when it is not over, or something of it is not confirmed gone; `STATE_UNREADABLE`
   * when its records do not tell; `LOCAL_DISK` when they cannot be removed.
   */
  remove(run: string): Promise<{ readonly id: string; readonly name: string; readonly out: string }>;
  /**
   * Releases everything paid that no living controller answers for; trainings are stopped and their models downloaded first.
   * Resolves also when something may go on costing: look at `unconfirmed`, `driven` and `trainings`.
   */
  gc(options?: GcOptions): Promise<GcReport>;
}

/** An SDK instance: adapters, assembled. */
export interface Unitrain extends Runs, MachineCalls {
  /**
   * Checks, hashes and prices; spends nothing, writes nothing.
   *
   * @throws UnitrainError `INVALID_DATASET` for a dataset with errors; its `findings` are everything that was found.
   */
  plan(options: PlanOptions): Promise<Plan>;
  /** The same job and data on another offer, as far as it can be told beforehand: what an alternative would cost. Asks nobody. */
  predict(plan: Plan, quote: Quote): Promise<Prediction | undefined>;
  /** Starts a plan of this instance's adapters. Resolves once the intent is on disk; the rest is told by `run.events`. */
  start(plan: Plan, options?: StartOptions): Promise<Run>;
}

export interface UnitrainOptions extends RunsOptions {
  readonly provider: Provider;
  /** By default the provider's own. */
  readonly transport?: Transport;
  readonly framework: Framework;
  readonly plugins?: readonly Plugin[];
}

export interface PlanOptions {
  /** A folder on this computer, or any other source the framework takes. */
  readonly data: string | DataSource;
  readonly machine?: Omit<MachineRequest, "diskBytes">;
  /** In all, not an hour. */
  readonly budgetUsd?: number;
  readonly maxHours?: number;
  /** So many bytes of output are downloaded beside the model; by default 10 GB. */
  readonly maxOutputBytes?: number;
  /** Of the own line, for the prediction; by default what earlier uploads reached, else a guess. */
  readonly uplinkMbps?: number;
  /** Where to bring everything to; by default the framework's folder and the run's name below the working folder. */
  readonly out?: string;
  /** By default a speakable one is made up. */
  readonly name?: string;
  /** Variables for the training. Nothing secret: they are written down; see `secrets`. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Shell lines that run on the machine, once and in this order, before anything is installed: `apt-get install -y libgl1`. Each runs
   * in a shell of its own; one that fails ends the run. Nothing secret: they are written down.
   */
  readonly setup?: readonly string[];
  /** Names of secrets that `start` will be given. */
  readonly secrets?: readonly string[];
  /** Where settings come from, for the record; those of the framework that are not named here come from `code` or are a `default`. */
  readonly settings?: readonly RunSetting[];
  /** The command line that was typed, for the record. */
  readonly command?: string;
  /** The run that is repeated: the plan warns when the data differs. */
  readonly repeats?: RepeatedRun;
  readonly signal?: AbortSignal | undefined;
  /** Short messages for a person, and warnings of hooks. */
  readonly showStatus?: (message: string) => void;
  /** How far the check is, every second or so; each message replaces the one before. */
  readonly progress?: (message: string) => void;
}

export interface StartOptions {
  /** Values of the plan's secrets, by variable name. They are never written down on this computer. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Aborting it is `run.stop()`. */
  readonly signal?: AbortSignal;
  /** How far the check is that the dataset is still the one that was planned. */
  readonly progress?: (message: string) => void;
}

export interface AttachOptions {
  readonly as?: "controller" | "follower";
  /** Needed again only when the last controller died before the job was started. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** One run, held in this process. */
export interface Run extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly role: "controller" | "follower";
  /** Of the run on this computer: `log` is the whole training log, masked; `out` is where everything is brought to. */
  readonly paths: { readonly folder: string; readonly log: string; readonly out: string };
  /** From the first event on, also those of earlier processes; ends after `finished`, or when this process detaches. Leaving the loop stops nothing. */
  readonly events: AsyncIterable<RunEvent>;
  /** Resolves when completed or stopped and released; rejects with the first error, after everything was released as far as possible. */
  readonly result: Promise<RunResult>;
  /** Whether the job itself runs by now, so that it would outlive us. */
  readonly isJobRunning: boolean;
  /** Ends the training, downloads what is there, releases. Resolves when the run is over. Works from a follower too. */
  stop(options?: StopOptions): Promise<void>;
  /** Leaves the job to itself, as soon as it runs; `attach` goes on later. A rented machine then is the guardian's matter; refused (`NOT_AVAILABLE`) when none can be started. */
  detach(): Promise<void>;
  /** Downloads what is there by now, while the job runs. */
  pull(): Promise<readonly SavedFile[]>;
  /** A controller that has not finished or detached stops the run and releases everything; a follower just leaves. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface StopOptions {
  /** How long the training may take to end by itself; 30 s. */
  readonly graceMs?: number;
  /** Of a rented machine: it is released at once, and what is not downloaded is lost. Your own machine keeps to `graceMs: 0`. */
  readonly discard?: boolean;
}

export interface RunResult {
  readonly outcome: Outcome;
  readonly artifacts: readonly SavedFile[];
  readonly receipt: Receipt;
}

export interface GuardOptions {
  readonly signal?: AbortSignal;
  /** How long it waits for another run before it ends; 10 s. */
  readonly idleMs?: number;
  /** This process does nothing else: an error that nobody awaited is passed to `showStatus` and does not end it. */
  readonly ownProcess?: boolean;
  readonly showStatus?: (message: string) => void;
}
