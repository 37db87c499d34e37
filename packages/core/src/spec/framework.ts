import type { ArtifactRules, SavedFile } from "./artifact.ts";
import type { CallContext } from "./call-context.ts";
import type { Command } from "./command.ts";
import type { DataSource, DatasetLocation, DatasetReport } from "./dataset.ts";
import type { FitFinding, FitInput } from "./fit.ts";
import type { Hooks } from "./hooks.ts";
import type { Job, JobInput } from "./job.ts";
import type { MachineFacts } from "./machine.ts";
import type { Manifest } from "./manifest.ts";
import type { TrainingEstimate } from "./prediction.ts";
import type { ProgressInput, ProgressReader } from "./progress.ts";
import type { Quote } from "./quote.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { SpecVersion } from "./spec-version.ts";

/** Every place that speaks of room for an environment takes it from here. */
export interface EnvironmentRoom {
  /** With less an installation is certain to fail. */
  readonly leastBytes: number;
  /** What it takes at most. */
  readonly neededBytes: number;
}

/** What must be on a machine before the training can start. */
export interface Environment {
  /** Letters, digits, `-`, `_` and `.`; equal keys are the same environment. */
  readonly key: string;
  /** Where it is installed, absolute: below the machine's `environmentsFolder`. */
  readonly folder: string;
  /** Disk room that an installation takes there. */
  readonly room?: EnvironmentRoom;
  /** Exit 0 when nothing has to be installed; its output goes to the job. Tried first. */
  readonly checkCommand: Command;
  /** Runs detached, as a job of its own, beside `ship`. Must be safe to run twice at once. */
  readonly install: Command;
  /** After an install: must exit 0 before the training starts; its output goes to the job. */
  readonly verify: Command;
  /** What a failed install or verify means, from the end of its output; undefined when it is not recognised. */
  explain?(
    output: string,
    exitCode?: number,
  ): { readonly message: string; readonly hint: string } | undefined;
  /** What of it is worth knowing, from what `checkCommand` or `verify` printed: `{ ultralytics: "8.4.190", torch: "2.10.0+cu128" }`. Kept in the receipt. */
  versions?(output: string): Readonly<Record<string, string>>;
}

/** What a plan says about a training before anything is checked. */
export interface JobDescription {
  /** One line: `detect yolo11n.pt epochs=50 imgsz=640`. */
  readonly job: string;
  /** Where its users look for results, relative to the working folder or absolute: `runs/detect`. */
  readonly folder: string;
  /** What the user calls the results' folder in there; by default it is called like the run. */
  readonly name?: string;
  /** The user allowed existing results to be overwritten. By default a folder that holds something is left alone and another one is taken. */
  readonly overwrites?: boolean;
  /** Every setting by its user's name: those that were `given`, and those that the framework chose. */
  readonly settings?: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly isExplicit: boolean;
  }[];
  /** About how much room the results take on the user's computer. */
  readonly resultBytes?: number;
}

/** A training that ended with an exit code other than 0. */
export interface FailedTraining {
  readonly exitCode: number;
  /** The end of its log, masked. */
  readonly output: string;
  readonly job: JobInput;
  /** The machine as it is after the failure; undefined when it could not be asked. */
  readonly facts: MachineFacts | undefined;
}

export interface FailureExplanation {
  /** A sentence without its last stop: `The machine's disk is full`. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly hint: string;
}

/** What is trained. Core calls everything here. */
export interface Framework {
  readonly specVersion: SpecVersion;
  readonly name: string;
  readonly recipe?: AdapterRecipe;
  /** What its secrets look like, so that one is masked even where nobody named it: `/\bcw_\w{6,512}/`. Without nested repetition: all output is searched. */
  readonly secretPatterns?: readonly RegExp[];
  /** Hooks of the framework's own, run after plugins that say `pre` and before the others. */
  readonly hooks?: Hooks;
  /** For the plan, pure. */
  describe(): JobDescription;
  /** Dataset and options, on this computer, before anything is spent. Never writes into the user's folder. Throws `INVALID_OPTIONS` or `INVALID_DATASET` for what has no place in a report. */
  check(source: DataSource, context: CallContext): Promise<DatasetReport>;
  /** Room beside the dataset: environment, caches, outputs. */
  readonly diskBytes: number;
  /** How long the training will take on a machine like this, before it is rented; undefined when nothing can be said. Pure. */
  estimate?(input: {
    readonly quote: Quote;
    readonly data: { readonly files: number; readonly bytes: number };
  }): TrainingEstimate | undefined;
  /** Whether the training can run on a machine as it is offered, before it is rented. Errors refuse the plan. Pure. */
  fitsOffer?(input: { readonly quote: Quote }): readonly FitFinding[];
  /** Whether the training fits this machine. Called once connected, before anything is shipped or installed. */
  fit?(input: FitInput): readonly FitFinding[];
  environment(facts: MachineFacts): Environment;
  job(input: JobInput): Job;
  progress(input?: ProgressInput): ProgressReader;
  readonly artifacts: ArtifactRules;
  /** Commands to go on with once the model is downloaded, as they are pasted into a shell on this computer. Pure. */
  nextCommands?(result: {
    /** Absolute. */
    readonly model: string;
    readonly dataset?: DatasetLocation;
  }): readonly string[];
  /** Why a training failed, in words for its user; undefined when that cannot be told. Pure. */
  explainFailure?(training: FailedTraining): FailureExplanation | undefined;
  /** From what was downloaded of a lost machine; undefined when nothing useful was. */
  resume?(
    saved: readonly SavedFile[],
    input: JobInput,
    context: CallContext,
  ): Promise<{ readonly job: Job; readonly ship: Manifest } | undefined>;
}
