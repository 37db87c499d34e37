import type { DatasetLocation } from "./dataset.ts";
import type { MachineFacts } from "./machine.ts";

/** A command that runs detached on a machine. JSON. */
export interface Job {
  /** Identifies the job on its machine: letters, digits, `-` and `_`. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The names of secret environment variables. Their values are passed to `start`; core never writes them to disk. */
  readonly secrets: readonly string[];
  /** The absolute path of the working folder, which is created if it is missing. */
  readonly cwd: string;
  /** Absolute paths of files of at most 1 MiB that `follow` yields whenever they change. */
  readonly watch: readonly string[];
  /**
   * What the job needs. `nodes` is how many machines of a cluster run it together, by default 1; the job's first process starts on
   * the first node and reaches the others itself (`srun`, `torchrun`). `endsBy` is when it has to end (ISO 8601).
   */
  readonly needs: { readonly gpus: number; readonly nodes?: number; readonly endsBy?: string };
  /** The command as users of the framework write it, for the plan and the screen: `yolo train model=yolo11n.pt …`. */
  readonly title: string;
}

/** Everything that a framework needs to create its job. JSON, because it is kept in the ledger. */
export interface JobInput {
  readonly jobId: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** The absolute path of the uploaded data on the machine; the training may change it. */
  readonly dataset: string;
  /**
   * The absolute path of the attempt's output folder. Its files are downloaded under the same relative paths. It does not exist yet:
   * the job's command creates it.
   */
  readonly output: string;
  /** The absolute path of the attempt's folder for settings, caches and the like; outside `output`. */
  readonly scratch: string;
  readonly facts: MachineFacts;
  /** The part of the machine that this job may use if several runs share the lease. By default all of it. */
  readonly share?: LeaseShare;
  readonly environment: {
    /** The absolute path of the environment on the machine. */
    readonly folder: string;
    /** Whether the environment existed before the run, or was installed by it. */
    readonly found: "already" | "installed";
    /** The output of `checkCommand` or `verify`. */
    readonly output: string;
  };
  /** Absolute paths on the user's computer, for files that the training writes and that the user reads there. */
  readonly local?: {
    /** The folder that everything is downloaded to. */
    readonly out: string;
    readonly dataset?: DatasetLocation | undefined;
  };
}

/** The part of a machine that one of several runs may use while they share a lease. */
export interface LeaseShare {
  /** Indexes into `MachineFacts.gpus`. No other run uses these GPUs at the same time. */
  readonly gpus: readonly number[];
}

/** The place of a job in the queue of a cluster. */
export interface QueuePlace {
  /** When it was submitted, ISO 8601. */
  readonly since?: string;
  /** Why it is waiting, in the words of the queue: `Resources`, `Priority`. */
  readonly reason?: string;
}

/** Why a cluster ended a job. */
export interface ClusterEnding {
  readonly reason:
    | "cancelled"
    | "time-limit"
    | "node-failure"
    | "out-of-memory"
    | "preempted"
    /** It ended by itself, or the cluster does not say why. */
    | "other";
  /** The reason in the words of the cluster: `TIMEOUT (TimeLimit)`. */
  readonly detail: string;
}

/**
 * The state of a job, combined from its files on the machine and from its launcher (tmux, or the queue of a cluster). An exit code
 * in a file always decides.
 */
export type JobState =
  /** It is in the queue of a cluster, or the cluster is starting it. */
  | { readonly state: "waiting"; readonly detail: string; readonly queue?: QueuePlace }
  | {
      readonly state: "running";
      readonly logBytes: number;
      /** The names of the cluster nodes that run it. Rank 0 runs on the first of them. */
      readonly nodes?: readonly string[];
    }
  | {
      readonly state: "ended";
      readonly exitCode: number;
      readonly logBytes: number;
      /** Present if a cluster ended the job and says why. */
      readonly ending?: ClusterEnding;
    }
  /** `rebooted`: the machine has rebooted since the start. `lost`: the job ended without an exit code. */
  | {
      readonly state: "rebooted" | "lost";
      readonly detail: string;
      readonly logBytes: number;
      readonly ending?: ClusterEnding;
    }
  /** The launcher cannot be asked at the moment. The job may be running, so this never means that it ended or did not start. */
  | { readonly state: "unknown"; readonly detail: string }
  | { readonly state: "never-started" };

/** A part of what `Session.follow` yields: bytes of the log from the raw byte `offset` on, or the whole content of a watched file. */
export type FollowPart =
  | { readonly kind: "log"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array };
