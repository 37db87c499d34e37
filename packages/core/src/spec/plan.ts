import type { ClassCount, DataSource, DatasetLocation, Finding } from "./dataset.ts";
import type { Limit } from "./limit.ts";
import type { ShownMetrics } from "./metrics.ts";
import type { Prediction } from "./prediction.ts";
import type { MachineRequest, Quote } from "./quote.ts";
import type { AdapterRecipe } from "./recipe.ts";

/** An adapter as a plan records it. */
export interface AdapterDescriptor {
  readonly name: string;
  readonly recipe?: AdapterRecipe;
}

/** A setting of a run, and its source. */
export interface RunSetting {
  /** The name that the user writes: `lr0`, `budget`, `ultralytics`. */
  readonly name: string;
  /** The value as JSON, with secrets masked. For environment variables and secrets it is only their name. */
  readonly value: unknown;
  /** `command line`, the name of a configuration file, `code`, `default`, or the name of the run that is repeated. */
  readonly source: string;
  /** The value that was used instead, if it differs: `trial-2` for the name `trial`, which was taken. */
  readonly used?: unknown;
}

/** A run that another run repeats. */
export interface RepeatedRun {
  readonly runId: string;
  readonly name: string;
  /** The digest of the data that it was trained on. */
  readonly dataDigest: string;
}

/** A run that is checked and priced but not started. A plan is pure JSON, so it can be stored, read and started later. */
export interface Plan {
  readonly planVersion: "v1";
  /** A unique id that sorts by time: `20261124-001530-k3f9`. */
  readonly runId: string;
  /** A short name that can be pronounced: `swift-otter`. */
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly source: DataSource;
  /** The data to upload. `digest` (hex) identifies its content; `start` refuses data that has changed. */
  readonly data: {
    readonly files: number;
    readonly bytes: number;
    readonly digest: string;
    readonly summary: string;
    readonly classes?: readonly ClassCount[];
    readonly location?: DatasetLocation;
  };
  readonly findings: readonly Finding[];
  /** One line that names the training: `detect yolo11n.pt epochs=50 imgsz=640`. */
  readonly job: string;
  /** How the metrics of its epochs are shown, as the framework described it. */
  readonly metrics?: ShownMetrics;
  readonly provider: AdapterDescriptor & { readonly ownership: "rented" | "borrowed" };
  readonly transport: AdapterDescriptor;
  readonly framework: AdapterDescriptor;
  readonly plugins: readonly AdapterDescriptor[];
  /** The machine that was requested. */
  readonly request: MachineRequest;
  /** The offer that was chosen. */
  readonly quote: Quote;
  /** How the machine will be reached, if the transport describes it. */
  readonly connection?: string;
  /** All settings, including the framework's defaults, so that two runs can be compared. */
  readonly settings?: readonly RunSetting[];
  /** The command line that was typed, quoted for a shell, with secrets masked and without the values of variables. */
  readonly command?: string;
  /** The run that this one repeats. */
  readonly repeats?: RepeatedRun;
  /** The versions that created the plan: `{ unitrain: "1.0.0", node: "22.18.0" }`. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Environment variables for the training. They are written to disk, so none may be secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** Shell lines that run on the machine, once and in this order, before anything is installed. Nothing secret: they are written down. */
  readonly setup?: readonly string[];
  /** The names of secret environment variables, whose values are passed to `start`. */
  readonly secrets: readonly string[];
  readonly budgetUsd?: number;
  readonly maxHours?: number;
  /** The lease of an earlier run whose machine, which was kept, this run takes over. */
  readonly leaseId?: string;
  /** For how many minutes a rented machine is kept for the next run after this one has completed; it costs on meanwhile. */
  readonly keepMinutes?: number;
  /** How many times another machine is rented after one was lost while its job ran; 0 by default. Budget and hours hold for all of them together. */
  readonly retries?: number;
  /** The most bytes of output to download beside the model; by default 10 GB. */
  readonly maxOutputBytes?: number;
  /** The time limit that follows from `budgetUsd` and `maxHours`; left out if neither is set. */
  readonly limit?: Limit;
  /** How long the run will take and what it will cost; only for a rented machine, and only if the framework can estimate it. */
  readonly prediction?: Prediction;
  /** The absolute path of the folder that everything is downloaded to. */
  readonly out: string;
  /** The folder that was requested, if it has content already and `out` is the next free one. */
  readonly requestedOut?: string;
  /** Whether the user allows results in `out` to be overwritten. */
  readonly overwrites?: boolean;
  /** The approximate size of the results. */
  readonly resultBytes?: number;
}
