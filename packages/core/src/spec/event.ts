import type { Action } from "./action.ts";
import type { SavedFile } from "./artifact.ts";
import type { ErrorReport } from "./error.ts";
import type { Deadline } from "./limit.ts";
import type { MachineFacts } from "./machine.ts";
import type { ShipProgress, ShipResult } from "./manifest.ts";
import type { Phase } from "./phase.ts";
import type { Plan } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { Outcome, Receipt } from "./receipt.ts";

/** Something that happened in a run. An event is JSON with all secrets masked; `--json` prints one per line. */
export type RunEvent = {
  /** Counts the events of a run from 0 without gaps, across all processes that drive it. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly runId: string;
} & RunEventBody;

/** The part of an event that depends on its type. */
export type RunEventBody =
  | { readonly type: "planned"; readonly plan: Plan }
  | { readonly type: "phase"; readonly phase: Phase; readonly state: "started" }
  | {
      readonly type: "phase";
      readonly phase: Phase;
      readonly state: "ended" | "failed";
      readonly seconds: number;
      readonly detail?: string;
    }
  /** A short message for the user. */
  | { readonly type: "status"; readonly phase: Phase; readonly message: string }
  | {
      readonly type: "warning";
      readonly phase: Phase;
      readonly message: string;
      readonly hint?: string;
      readonly action?: Action;
      /** The names of secrets because of which the output of the training is withheld: their values are missing to mask it. */
      readonly withheldFor?: readonly string[];
    }
  | { readonly type: "machine"; readonly facts: MachineFacts }
  /** The times at which the training is stopped and the machine is released; a deadline is armed. */
  | ({ readonly type: "deadline" } & Deadline)
  /** Whether a background process will continue the run if this process ends. */
  | { readonly type: "guardian"; readonly state: "armed" | "missing"; readonly detail: string }
  /** The first paid resource exists; the run costs money from `since` on (ISO 8601). */
  | { readonly type: "billing"; readonly state: "started"; readonly since: string }
  | ({ readonly type: "ship" } & ShipProgress)
  | ({ readonly type: "shipped" } & ShipResult)
  | {
      readonly type: "environment";
      readonly found: "already" | "installed";
      readonly folder: string;
      /** Versions to show and to record: `{ torch: "2.10.0+cu128" }`. */
      readonly versions?: Readonly<Record<string, string>>;
    }
  /** Complete lines of the training's log. `localBytes` is the size of the local, masked log after them. */
  | { readonly type: "log"; readonly text: string; readonly localBytes: number }
  | ({
      readonly type: "progress";
      readonly secondsPerEpoch?: number;
      readonly secondsLeft?: number;
    } & Progress)
  | { readonly type: "job"; readonly jobId: string; readonly state: "started" | "reattached" }
  /** The job was asked to stop, by the user or because the run reached its limit. */
  | {
      readonly type: "job";
      readonly jobId: string;
      readonly state: "stopping";
      readonly reason?: "user" | "limit";
    }
  | { readonly type: "job"; readonly jobId: string; readonly state: "ended"; readonly exitCode: number }
  | {
      readonly type: "job";
      readonly jobId: string;
      readonly state: "lost" | "rebooted";
      readonly detail: string;
    }
  /** The machine was lost and released, and the run continues with this attempt, which starts again on another machine. */
  | { readonly type: "attempt"; readonly number: number; readonly reason: string }
  | { readonly type: "connection"; readonly state: "lost" | "back"; readonly detail: string }
  /** `bytes` and `totalBytes` count the whole download; `path` is the file that is being downloaded. */
  | { readonly type: "download"; readonly path: string; readonly bytes: number; readonly totalBytes: number }
  | ({ readonly type: "artifact" } & SavedFile)
  | { readonly type: "controller"; readonly state: "detached" | "attached" }
  /** The last event of a run. */
  | {
      readonly type: "finished";
      readonly outcome: Outcome;
      readonly receipt: Receipt;
      readonly error?: ErrorReport;
    };
