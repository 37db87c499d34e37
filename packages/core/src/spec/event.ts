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

/** What happened in a run. Everything here has passed the redactor. JSON, one object a line with `--json`. */
export type RunEvent = {
  /** From 0, without gaps, over the whole life of the run, also across processes. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly runId: string;
} & RunEventBody;

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
  /** A short message for a person. */
  | { readonly type: "status"; readonly phase: Phase; readonly message: string }
  | {
      readonly type: "warning";
      readonly phase: Phase;
      readonly message: string;
      readonly hint?: string;
      readonly action?: Action;
    }
  | { readonly type: "machine"; readonly facts: MachineFacts }
  /** When the run is over at the latest, and that something keeps to it. */
  | ({ readonly type: "deadline" } & Deadline)
  /** Whether a process without a screen goes on with the run, should this one end. */
  | { readonly type: "guardian"; readonly state: "armed" | "missing"; readonly detail: string }
  /** Something that costs is there: the run is paid for from this moment on. */
  | { readonly type: "billing"; readonly state: "started"; readonly since: string }
  | ({ readonly type: "ship" } & ShipProgress)
  | ({ readonly type: "shipped" } & ShipResult)
  | {
      readonly type: "environment";
      readonly found: "already" | "installed";
      readonly folder: string;
      /** What of it is worth knowing: `{ torch: "2.10.0+cu128" }`. */
      readonly versions?: Readonly<Record<string, string>>;
    }
  /** Whole lines of the training's log. `localBytes` is where they end in the local, masked log. */
  | { readonly type: "log"; readonly text: string; readonly localBytes: number }
  | ({
      readonly type: "progress";
      readonly secondsPerEpoch?: number;
      readonly secondsLeft?: number;
    } & Progress)
  | { readonly type: "job"; readonly jobId: string; readonly state: "started" | "reattached" }
  /** It was told to end, by the user or because the run's limit was reached. */
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
  | { readonly type: "connection"; readonly state: "lost" | "back"; readonly detail: string }
  /** `bytes` of `totalBytes` count for the whole download; `path` is the file that comes now. */
  | { readonly type: "download"; readonly path: string; readonly bytes: number; readonly totalBytes: number }
  | ({ readonly type: "artifact" } & SavedFile)
  | { readonly type: "controller"; readonly state: "detached" | "attached" }
  /** The last one. */
  | {
      readonly type: "finished";
      readonly outcome: Outcome;
      readonly receipt: Receipt;
      readonly error?: ErrorReport;
    };
