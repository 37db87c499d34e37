import type { Resource, SavedFile } from "../../spec/index.ts";
import type { StateProblem } from "../../state/unreadable.ts";

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
