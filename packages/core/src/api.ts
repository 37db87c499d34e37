import type { MachineCalls } from "./machines/machine-calls.ts";
import type { Ports } from "./ports.ts";
import type {
  Access,
  AdapterDescriptor,
  DataSource,
  Deadline,
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
  Resource,
  RunEvent,
  RunSetting,
  SavedFile,
  Transport,
} from "./spec/index.ts";
import type { StateProblem } from "./state/unreadable.ts";

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
   * Releases everything paid that no living controller answers for; trainings are stopped and their models downloaded first.
   * Resolves also when something may go on costing: look at `unconfirmed`, `driven` and `trainings`.
   */
  /**
   * Removes the records of a run that is over and cannot cost any more, by its id or name; results that were downloaded stay where they
   * are.
   *
   * @throws UnitrainError `RUN_NOT_FOUND`; `RUN_BUSY` when it is not over, or something of it is not confirmed gone; `STATE_UNREADABLE`
   * when its records do not tell; `LOCAL_DISK` when they cannot be removed.
   */
  remove(run: string): Promise<{ readonly id: string; readonly name: string; readonly out: string }>;
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

/** Where a run stands, as far as the files on this computer tell. */
export type RunState =
  /** A controller lives; `phase` tells more. */
  | "active"
  /** The job was started, and nobody follows it. */
  | "detached"
  /** Its controller died before the job ran. */
  | "interrupted"
  | "release-unconfirmed"
  | "over"
  /** Its ledger or its lock cannot be read: it may still cost. `problem` says why. What nothing tells is `unknown`. */
  | "unreadable";

export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly outcome?: Outcome;
  /** `training`, `ship`…: the last one that started. */
  readonly phase: string;
  readonly createdAt: string;
  readonly machine: string;
  readonly provider: AdapterDescriptor & { readonly ownership: "rented" | "borrowed" };
  readonly job: string;
  readonly epochs?: { readonly done: number; readonly total?: number };
  readonly metrics: Readonly<Record<string, number>>;
  /** The framework's deciding figure of the last complete epoch, and of the best; see `Progress.score`. */
  readonly score?: number;
  readonly best?: Receipt["best"];
  /** What was set and where from, to tell runs apart; `data.digest` names the content that was trained on. */
  readonly settings?: readonly RunSetting[];
  readonly command?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly data?: { readonly source: DataSource; readonly digest: string };
  /** The working folder in which it was started: its relative paths are seen from there. */
  readonly workingFolder?: string;
  /** Process id of the controller that lives. */
  readonly controller?: number;
  /** That controller is the guardian. */
  readonly guarded?: boolean;
  /** Of a rented machine, for the whole of it. */
  readonly priceUsdPerHour?: number;
  /** At list price, up to now or to the moment the last of it was seen to be gone. */
  readonly costUsd?: number;
  /** When the run is over at the latest. */
  readonly deadline?: Deadline;
  /** Paid, and not confirmed gone. */
  readonly unreleased: readonly Resource[];
  readonly out: string;
  /** Something in its files cannot be read; the rest of the summary is what could be. */
  readonly problem?: StateProblem;
  /** Why the guardian cannot look after it; it tries again every minute. */
  readonly guardianProblem?: string;
}

/** A run whose records do not tell everything that it may cost. */
export interface UnreadableRun {
  readonly runId: string;
  readonly name: string;
  readonly problem: StateProblem;
  /** Resources that could be read, and are not confirmed gone. There may be more. */
  readonly mayCost: readonly Resource[];
  /** The provider's name and its price an hour, where anything tells them. */
  readonly provider?: string;
  readonly priceUsdPerHour?: number;
}

export interface GuardOptions {
  readonly signal?: AbortSignal;
  /** How long it waits for another run before it ends; 10 s. */
  readonly idleMs?: number;
  /** This process does nothing else: an error that nobody awaited is passed to `showStatus` and does not end it. */
  readonly ownProcess?: boolean;
  readonly showStatus?: (message: string) => void;
}

export interface GcOptions {
  /** Aborting it gives no training any more time: what is paid is released at once. */
  readonly signal?: AbortSignal;
  /** Only tells what would be released. */
  readonly dryRun?: boolean;
  /**
   * What becomes of trainings on machines that nobody drives any more. `download` (the default): they are stopped, what there
   * is gets downloaded, and the machine is released. `finish`: the guardian goes on with them. `discard`: the machine is
   * released at once.
   */
  readonly trainings?: "download" | "finish" | "discard";
  /** How long stopping a training and downloading its model may take before the machine is released anyway; 10 minutes. */
  readonly downloadWithinMs?: number;
  /** Short messages for a person. */
  readonly showStatus?: (message: string) => void;
}

/** What became of a training, and of its model. */
export interface GcTraining {
  readonly runId: string;
  readonly name: string;
  /**
   * `downloaded`: it lies at `path`. `none`: there was none yet. `lost`: it could not be downloaded, `reason` says why.
   * `discarded`: as asked. `finishing`: the guardian goes on with the training. `pending`: with `dryRun`, it would be downloaded.
   */
  readonly model: "downloaded" | "none" | "lost" | "discarded" | "finishing" | "pending";
  /** The model, or where everything that was downloaded lies. */
  readonly path?: string;
  readonly files: readonly SavedFile[];
  readonly reason?: string;
}

export interface GcReport {
  /** Runs that were looked after, by id. */
  readonly runs: readonly string[];
  readonly trainings: readonly GcTraining[];
  readonly released: readonly Resource[];
  /** Runs that a living process drives, and what of them may be paid for: that process releases it. */
  readonly driven: readonly {
    readonly runId: string;
    readonly name: string;
    readonly pid: number;
    /** The process is the guardian. */
    readonly guarded: boolean;
    /** It is releasing by now. */
    readonly releasing: boolean;
    readonly unreleased: readonly Resource[];
  }[];
  /** With `dryRun`: what would be released. */
  readonly pending: readonly { readonly runId: string; readonly resource: Resource }[];
  readonly unconfirmed: readonly {
    readonly runId: string;
    readonly resource: Resource;
    readonly reason: string;
    /** The provider has confirmed that it is gone, but that could not be written down here. */
    readonly isGone?: true;
  }[];
  /** Runs that may have rented more than could be read: only what their records name exactly was released. */
  readonly unreadable: readonly UnreadableRun[];
}
