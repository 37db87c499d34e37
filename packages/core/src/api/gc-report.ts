import type { Resource, SavedFile } from "../spec/index.ts";
import type { StateProblem } from "../state/unreadable.ts";

/** The options of `gc()`. */
export interface GcOptions {
  /** Aborting it gives trainings no more time: everything paid is released at once. */
  readonly signal?: AbortSignal;
  /** Only reports what would be released. */
  readonly dryRun?: boolean;
  /**
   * What to do with trainings on machines that no process drives. `download` (the default) stops them, downloads their files and
   * releases the machine. `finish` lets the guardian continue them. `discard` releases the machine at once.
   */
  readonly trainings?: "download" | "finish" | "discard";
  /** How long stopping a training and downloading its model may take, in milliseconds, before the machine is released anyway; by default 10 minutes. */
  readonly downloadWithinMs?: number;
  /** Gets short messages for the user. */
  readonly showStatus?: (message: string) => void;
}

/** What `gc()` did with a training and its model. */
export interface GcTraining {
  readonly runId: string;
  readonly name: string;
  /**
   * `downloaded`: the model is at `path`. `none`: there was none yet. `lost`: it could not be downloaded; `reason` says why.
   * `discarded`: the options asked for it. `finishing`: the guardian continues the training. `pending`: with `dryRun`, it would be
   * downloaded.
   */
  readonly model: "downloaded" | "none" | "lost" | "discarded" | "finishing" | "pending";
  /** The absolute path of the model, or of the folder that holds the downloaded files. */
  readonly path?: string;
  readonly files: readonly SavedFile[];
  readonly reason?: string;
}

/** The result of `gc()`. */
export interface GcReport {
  /** The ids of the runs that it handled. */
  readonly runs: readonly string[];
  readonly trainings: readonly GcTraining[];
  /** The resources that are confirmed gone. */
  readonly released: readonly Resource[];
  /** Runs that a running process drives, with their unreleased resources, which that process will release. */
  readonly driven: readonly {
    readonly runId: string;
    readonly name: string;
    readonly pid: number;
    /** Whether the process is the guardian. */
    readonly guarded: boolean;
    /** Whether it is releasing them already. */
    readonly releasing: boolean;
    readonly unreleased: readonly Resource[];
  }[];
  /** With `dryRun`: the resources that would be released. */
  readonly pending: readonly { readonly runId: string; readonly resource: Resource }[];
  /** Resources that are not confirmed gone and may still cost money. */
  readonly unconfirmed: readonly {
    readonly runId: string;
    readonly resource: Resource;
    readonly reason: string;
    /** Present if the provider confirmed that it is gone, but the confirmation could not be written to the ledger. */
    readonly isGone?: true;
  }[];
  /** Runs whose records could not be read completely. Only the resources that their records name were released. */
  readonly unreadable: readonly UnreadableRun[];
}

/** A run whose records may not name everything that it rented. */
export interface UnreadableRun {
  readonly runId: string;
  readonly name: string;
  readonly problem: StateProblem;
  /** The resources that its records name and that are not confirmed gone. There may be more. */
  readonly mayCost: readonly Resource[];
  /** The name of the provider, if it is known. */
  readonly provider?: string;
  readonly priceUsdPerHour?: number;
}
