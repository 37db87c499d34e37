import type { GcOptions, GcReport } from "./api/gc-report.ts";
import type { MachineCalls } from "./api/machine-calls.ts";
import type { PlanOptions } from "./api/plan-options.ts";
import type { Run } from "./api/run.ts";
import type { Ports } from "./ports.ts";
import type {
  Access,
  Framework,
  Plan,
  Plugin,
  Prediction,
  Provider,
  Quote,
  Transport,
} from "./spec/index.ts";
import type { LeaseSummary, RunDetails, RunSummary } from "./state/run-summary.ts";

/** Where unitrain keeps its state, and how it creates the adapters that a plan names. */
export interface RunsOptions {
  /** The absolute path of the state folder. By default `UNITRAIN_HOME`, else the folder of the operating system for application data. */
  readonly home?: string;
  /**
   * Imports the module of an adapter's recipe. By default `import()`, resolved from `folder`, the folder that the run was started in.
   * `secrets` names the environment variables that the adapter will read: set here what is kept elsewhere.
   */
  readonly load?: (module: string, folder: string, secrets?: readonly string[]) => Promise<unknown>;
  /**
   * The program and arguments that start the guardian: a background process that continues rented runs when the process that drives
   * them ends. By default it is a script of this package. With `false` there is none, and a run on a rented machine cannot be
   * detached from.
   */
  readonly guardian?: readonly string[] | false;
  /** Replaces the clock, the ledger file or the locks of the engine, for tests. */
  readonly ports?: Partial<Ports>;
}

/** The runs of this computer. It needs no adapters, because it creates those that the plans name. */
export interface Runs {
  /**
   * Lists all runs, the newest first. Reads only files on this computer.
   *
   * @throws UnitrainError `STATE_UNSAFE` if other users can write to the state folder; `STATE_UNREADABLE` if it cannot be read. All
   * other methods here throw them too.
   */
  runs(): Promise<readonly RunSummary[]>;
  /** Lists the leases that no run answers for and that may cost money, among them the kept machines. Reads only files on this computer. */
  leases(): Promise<readonly LeaseSummary[]>;
  /**
   * Finds a run by its id, its name or the beginning of its id; by default the newest run. Reads only files on this computer.
   *
   * @throws UnitrainError `RUN_NOT_FOUND`; `STATE_UNREADABLE` if its records cannot be read.
   */
  find(run?: string): Promise<RunDetails>;
  /**
   * Attaches to a run by its id, its name or the beginning of its id; by default to the newest run.
   *
   * A `controller` continues the run where its last controller stopped; a run has at most one controller at a time. A `follower`
   * only watches. Without `as`, you become the controller if the run has none, else a follower. A run that is over is only replayed.
   *
   * @throws UnitrainError `RUN_NOT_FOUND`; `RUN_BUSY` if `as` is `controller` and another process is the controller;
   * `STATE_UNREADABLE` if the run's ledger or lock cannot be read; `INVALID_ADAPTER` if an adapter of the run cannot be created
   * here; `LEDGER_UNWRITABLE` or `LOCAL_DISK` if the run's files cannot be written.
   */
  attach(run?: string, options?: AttachOptions): Promise<Run>;
  /**
   * Returns how to connect to a run's machine with another program (`ssh`, an editor); by default for the newest run. It connects to
   * nothing and changes nothing of the run, but may write files below the run's folder.
   *
   * @throws UnitrainError `RUN_NOT_FOUND`; `NOT_AVAILABLE` if the run has no machine (yet, or any more) or if its transport does not
   * support it; `INVALID_ADAPTER` if an adapter of the run cannot be created here.
   */
  access(run?: string): Promise<Access>;
  /**
   * Acts as the guardian: drives every run that costs money or has a limit and that no other process drives, until there is none.
   * Resolves at once if another process guards the same state folder. Call it in a process of its own.
   */
  guard(options?: GuardOptions): Promise<void>;
  /**
   * Starts a guardian if a run needs one and no process drives it. Call it when your program starts. Returns the names of those runs
   * and, if no guardian could be started, the reason in `missing`.
   */
  wakeGuardian(): Promise<{ readonly runs: readonly string[]; readonly missing?: string }>;
  /**
   * Removes the records of a run that is over and can no longer cost money, by its id or name. Downloaded results are kept.
   *
   * @throws UnitrainError `RUN_NOT_FOUND` if no run or several runs have the name; `RUN_BUSY` if the run is not over, or a resource is
   * not confirmed gone; `STATE_UNREADABLE` if its records cannot be read; `LOCAL_DISK` if they cannot be removed.
   */
  remove(run: string): Promise<{ readonly id: string; readonly name: string; readonly out: string }>;
  /**
   * Releases all paid resources that no running controller is responsible for. By default it first stops their trainings and downloads
   * the models. It also resolves if something may still cost money: check `unconfirmed`, `unreadable`, `driven` and `trainings`.
   *
   * @example
   * ```ts
   * import { openRuns } from "@unitrain/core";
   *
   * const { released, unconfirmed } = await openRuns().gc();
   * for (const { kind, name } of released) console.log(`released ${kind} ${name}`);
   * for (const { resource, reason } of unconfirmed) console.error(`${resource.name} may still cost money: ${reason}`);
   * ```
   */
  gc(options?: GcOptions): Promise<GcReport>;
}

/** The SDK, created by `createUnitrain` from a provider, a transport, a framework and plugins. */
export interface Unitrain extends Runs, MachineCalls {
  /**
   * Checks and hashes the dataset, chooses an offer and calculates the limit. Spends nothing and writes nothing.
   *
   * @throws UnitrainError `INVALID_OPTIONS`; `INVALID_DATASET`, whose `findings` hold all findings; `UNSAFE_PATH` for a file name that
   * cannot be uploaded; `DATA_CHANGED` if a file changes during the check; `TRANSPORT_MISMATCH`; `NOT_AVAILABLE` if the offer does
   * not fit the request; `BUDGET_TOO_SMALL`; `OUTPUT_UNUSABLE`; `HOOK_FAILED`; `ADAPTER_FAILED`; `TIMED_OUT`; `CANCELLED` once
   * `signal` aborts; and the errors of the provider, such as `PROVIDER_ACCESS` or `OUT_OF_STOCK`.
   */
  plan(options: PlanOptions): Promise<Plan>;
  /**
   * Predicts time and cost of the plan's job and data on another offer of the provider. Returns undefined for a borrowed machine, or
   * if the framework cannot estimate its training. Makes no requests.
   */
  predict(plan: Plan, quote: Quote): Promise<Prediction | undefined>;
  /**
   * Starts a plan that was made with the same adapters. Resolves once the run is recorded in its ledger; `run.events` and
   * `run.result` report everything after that.
   *
   * @throws UnitrainError `SECRET_MISSING`; `DATA_CHANGED` if the dataset is no longer the planned one; `INVALID_OPTIONS` if the plan
   * was made with other adapters; `RUN_BUSY` if it was started before; `OUTPUT_UNUSABLE`; `STATE_UNSAFE`, `STATE_UNREADABLE` or
   * `LEDGER_UNWRITABLE` if the state folder cannot be used; `HOOK_FAILED`; `CANCELLED` if `signal` is aborted already.
   */
  start(plan: Plan, options?: StartOptions): Promise<Run>;
}

/**
 * The options of `createUnitrain`.
 *
 * @example
 * ```ts
 * import type { UnitrainOptions } from "@unitrain/core";
 * import { yolo } from "@unitrain/framework-yolo";
 * import { sshMachine } from "@unitrain/provider-ssh";
 * import { ssh } from "@unitrain/transport-ssh";
 *
 * const options: UnitrainOptions = {
 *   provider: sshMachine("ssh://ubuntu@gpu-box"),
 *   transport: ssh(),
 *   framework: yolo({ model: "yolo11n.pt", epochs: 50 }),
 * };
 * ```
 */
export interface UnitrainOptions extends RunsOptions {
  readonly provider: Provider;
  /** By default the default transport of the provider. */
  readonly transport?: Transport;
  readonly framework: Framework;
  readonly plugins?: readonly Plugin[];
}

/** The options of `start()`. */
export interface StartOptions {
  /** The values of the plan's secrets, by variable name. They are never written to disk on this computer. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Aborting it has the effect of `run.stop()`. */
  readonly signal?: AbortSignal;
  /** Gets the progress of the check that the dataset is unchanged; each message replaces the previous one. */
  readonly progress?: (message: string) => void;
}

/** The options of `attach()`. */
export interface AttachOptions {
  /** By default `controller` if the run has no controller, else `follower`. */
  readonly as?: "controller" | "follower";
  /**
   * The values of the plan's secrets. Those that are not here are taken from the environment and from the guardian. Without them the
   * output of the training is withheld, and a training that was not started yet fails.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Asks for the value of a secret that is found nowhere. Resolve with undefined if there is none. If it rejects, `attach()` does. */
  readonly askSecret?: (name: string) => Promise<string | undefined>;
  /** Aborting it has the effect of `run.stop()`, if this process is the controller. */
  readonly signal?: AbortSignal;
}

/** The options of `guard()`. */
export interface GuardOptions {
  /** Ends the guardian. */
  readonly signal?: AbortSignal;
  /** How long it waits for another run before it ends, in milliseconds; by default 10 seconds. */
  readonly idleMs?: number;
  /** Whether this process does nothing else. Unhandled errors are then passed to `showStatus` and do not end the process. */
  readonly ownProcess?: boolean;
  /** Gets short messages for a log. */
  readonly showStatus?: (message: string) => void;
}
