import type { DatasetLocation } from "./dataset.ts";
import type { MachineFacts } from "./machine.ts";

/** What is executed, detached. JSON. */
export interface Job {
  /** Letters, digits, `-` and `_`. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables; the values go to `start` and are never written down by core. */
  readonly secrets: readonly string[];
  /** Absolute; made when missing. */
  readonly cwd: string;
  /** Small files (1 MiB at most), absolute, to be shown whole when they change. */
  readonly watch: readonly string[];
  /** `nodes`: how many machines of a cluster run it together, 1 by default. Its first process starts on the first and reaches the others itself (`srun`, `torchrun`). */
  readonly needs: { readonly gpus: number; readonly nodes?: number; readonly endsBy?: string };
  /** The command as its users write it, for the plan and the screen: `yolo train model=yolo11n.pt …`. */
  readonly title: string;
}

/** All that a framework needs to know to make its job. JSON: it is kept in the ledger. */
export interface JobInput {
  readonly jobId: string;
  /** From 1. Each attempt has an output folder of its own. */
  readonly attempt: number;
  /** The run's own view of what was shipped, absolute. */
  readonly dataset: string;
  /** Absolute, fresh for each attempt. What lies in it is downloaded under the same relative name. */
  readonly output: string;
  /** The attempt's own folder for settings, caches and the like; outside `output`. */
  readonly scratch: string;
  readonly facts: MachineFacts;
  /** The part of the machine that this job may use, where several runs hold one lease at the same time. By default all of it. */
  readonly share?: LeaseShare;
  readonly environment: {
    readonly folder: string;
    readonly found: "already" | "installed";
    /** What `checkCommand` or `verify` printed. */
    readonly output: string;
  };
  /** Paths on the user's computer, absolute: what the training writes down about itself is read there. */
  readonly local?: {
    /** The folder that everything is downloaded to. */
    readonly out: string;
    readonly dataset?: DatasetLocation | undefined;
  };
}

/** The part of a machine that belongs to one of several runs that hold the same lease at the same time. */
export interface LeaseShare {
  /** Indexes into `MachineFacts.gpus`; no other run may use them meanwhile. */
  readonly gpus: readonly number[];
}

/** Where a job stands in a cluster's queue. */
export interface QueuePlace {
  /** When it was submitted, ISO 8601. */
  readonly since?: string;
  /** Why it waits, in the queue's own word: `Resources`, `Priority`. */
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
  /** In the cluster's own words: `TIMEOUT (TimeLimit)`. */
  readonly detail: string;
}

/**
 * Where a job stands: what its files and its launcher (tmux, a cluster's queue) say together. A file that records an exit code
 * always counts.
 */
export type JobState =
  /** In a cluster's queue, or being started by it. */
  | { readonly state: "waiting"; readonly detail: string; readonly queue?: QueuePlace }
  | {
      readonly state: "running";
      readonly logBytes: number;
      /** The nodes of a cluster that run it, by name, the first one first: rank 0 is there. */
      readonly nodes?: readonly string[];
    }
  | {
      readonly state: "ended";
      readonly exitCode: number;
      readonly logBytes: number;
      /** Present when a cluster ended it and says why. */
      readonly ending?: ClusterEnding;
    }
  /** `rebooted`: the machine was started again since. `lost`: it ended without an exit code. */
  | {
      readonly state: "rebooted" | "lost";
      readonly detail: string;
      readonly logBytes: number;
      readonly ending?: ClusterEnding;
    }
  /** Its launcher cannot be asked at the moment. It may be running: never read as ended or as not started. */
  | { readonly state: "unknown"; readonly detail: string }
  | { readonly state: "never-started" };

/** What `follow` yields. `offset` counts raw bytes of the log on the machine. */
export type FollowPart =
  | { readonly kind: "log"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array };
