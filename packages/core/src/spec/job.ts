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
  readonly needs: { readonly gpus: number; readonly endsBy?: string };
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
  /** Absolute, fresh for each attempt. What lies in it comes home under the same relative name. */
  readonly output: string;
  /** The attempt's own folder for settings, caches and the like; outside `output`. */
  readonly scratch: string;
  readonly facts: MachineFacts;
  readonly environment: {
    readonly folder: string;
    readonly found: "already" | "installed";
    /** What `works` or `verify` printed. */
    readonly output: string;
  };
  /** Paths on the user's computer, absolute: what the training writes down about itself is read there. */
  readonly local?: {
    /** The folder that everything is downloaded to. */
    readonly out: string;
    readonly dataset?: DatasetLocation | undefined;
  };
}

/** Where a job stands; told by files on the machine, not by what holds it. */
export type JobState =
  /** In a cluster's queue. */
  | { readonly state: "waiting"; readonly detail: string }
  | { readonly state: "running"; readonly logBytes: number }
  | { readonly state: "ended"; readonly exitCode: number; readonly logBytes: number }
  /** `rebooted`: the machine was started again since. `lost`: its wrapper is gone without an exit code. */
  | { readonly state: "rebooted" | "lost"; readonly detail: string; readonly logBytes: number }
  | { readonly state: "never-started" };

/** What `follow` yields. `offset` counts raw bytes of the log on the machine. */
export type FollowPart =
  | { readonly kind: "log"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array };
