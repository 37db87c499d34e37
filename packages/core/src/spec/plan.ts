import type { ClassCount, DataSource, DatasetLocation, Finding } from "./dataset.ts";
import type { Limit } from "./limit.ts";
import type { Prediction } from "./prediction.ts";
import type { MachineRequest, Quote } from "./quote.ts";
import type { AdapterRecipe } from "./recipe.ts";

/** An adapter as it is written down. */
export interface AdapterDescriptor {
  readonly name: string;
  readonly recipe?: AdapterRecipe;
}

/** One setting of a run, and where it was taken from. */
export interface RunSetting {
  /** As its user writes it: `lr0`, `budget`, `ultralytics`. */
  readonly name: string;
  /** JSON, masked. Of variables and secrets it is the name. */
  readonly value: unknown;
  /** `command line`, the name of a configuration file, `code`, `default`, or the run that is repeated. */
  readonly source: string;
  /** What became of it, where that is another: `trial-2` for the name `trial`, which was taken. */
  readonly used?: unknown;
}

/** A run that this one repeats. */
export interface RepeatedRun {
  readonly runId: string;
  readonly name: string;
  /** Of the data that it trained on. */
  readonly dataDigest: string;
}

/** What a run will be, checked and priced, with nothing spent. Pure JSON: it can be kept, read and started later. */
export interface Plan {
  readonly planVersion: "v1";
  /** Unique, sorts by time: `20261124-001530-k3f9`. */
  readonly runId: string;
  /** Short and speakable: `swift-otter`. */
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly source: DataSource;
  /** What will be shipped. `digest` (hex) names the content; `start` refuses when it has changed. */
  readonly data: {
    readonly files: number;
    readonly bytes: number;
    readonly digest: string;
    readonly summary: string;
    readonly classes?: readonly ClassCount[];
    readonly location?: DatasetLocation;
  };
  readonly findings: readonly Finding[];
  /** One line on the job: `detect yolo11n.pt epochs=50 imgsz=640`. */
  readonly job: string;
  readonly provider: AdapterDescriptor & { readonly ownership: "rented" | "borrowed" };
  readonly transport: AdapterDescriptor;
  readonly framework: AdapterDescriptor;
  readonly plugins: readonly AdapterDescriptor[];
  /** What was asked of a machine, and the offer that was taken. */
  readonly request: MachineRequest;
  readonly quote: Quote;
  /** How the machine will be reached, where that is worth a line. */
  readonly connection?: string;
  /** Everything that was set, and what the framework chose where nothing was: enough to know what differs between two runs. */
  readonly settings?: readonly RunSetting[];
  /** The command line that was typed, for a shell. Masked, without the values of variables. */
  readonly command?: string;
  readonly repeats?: RepeatedRun;
  /** Of what made the plan: `{ unitrain: "1.0.0", node: "22.18.0" }`. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Variables that the training is given. Nothing secret: they are written down. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names of variables whose values are given to `start`. */
  readonly secrets: readonly string[];
  readonly budgetUsd?: number;
  readonly maxHours?: number;
  /** So many bytes of output are downloaded beside the model; 10 GB when nothing was asked for. */
  readonly maxOutputBytes?: number;
  /** What both come to, with the time for the download in it. */
  readonly limit?: Limit;
  /** For a rented machine, where the framework can tell how long it trains. */
  readonly prediction?: Prediction;
  /** Where everything is brought to, absolute. */
  readonly out: string;
  /** The folder that was asked for, when it holds something already and `out` is the next free one. */
  readonly requestedOut?: string;
  /** The user allowed results in `out` to be overwritten. */
  readonly overwrites?: boolean;
  /** About how much room the results take. */
  readonly resultBytes?: number;
}
