import type { ArtifactRules, SavedFile } from "./artifact.ts";
import type { CallContext } from "./call-context.ts";
import type { Command } from "./command.ts";
import type { DataSource, DatasetLocation, DatasetReport } from "./dataset.ts";
import type { FitFinding, FitInput } from "./fit.ts";
import type { Hooks } from "./hooks.ts";
import type { Job, JobInput } from "./job.ts";
import type { MachineFacts } from "./machine.ts";
import type { Manifest } from "./manifest.ts";
import type { ShownMetrics } from "./metrics.ts";
import type { TrainingEstimate } from "./prediction.ts";
import type { ProgressInput, ProgressReader } from "./progress.ts";
import type { Quote } from "./quote.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { SpecVersion } from "./spec-version.ts";

/** The disk space that an installation of an environment takes. */
export interface EnvironmentRoom {
  /** With less free space than this, the installation is certain to fail. */
  readonly leastBytes: number;
  /** The most that an installation takes. */
  readonly neededBytes: number;
}

/** The software that must be installed on a machine before the training can start. */
export interface Environment {
  /** Identifies the environment: equal keys mean equal software. Letters, digits, `-`, `_` and `.`. */
  readonly key: string;
  /** The absolute path to install into, below the machine's `environmentsFolder`. */
  readonly folder: string;
  /** The disk space that an installation takes. */
  readonly room?: EnvironmentRoom;
  /** Runs first. Exits with 0 if the environment is installed already; its output is passed to the job. */
  readonly checkCommand: Command;
  /** Installs the environment. It runs as a detached job beside the upload, and must be safe to run twice at the same time. */
  readonly install: Command;
  /** Runs after an installation and must exit with 0 before the training starts; its output is passed to the job. */
  readonly verify: Command;
  /** Explains a failed `install` or `verify` by the end of its output; returns undefined if it does not recognize the failure. */
  explain?(
    output: string,
    exitCode?: number,
  ): { readonly message: string; readonly hint: string } | undefined;
  /**
   * Returns the versions to record in the receipt, read from the output of `checkCommand` or `verify`:
   * `{ ultralytics: "8.4.190", torch: "2.10.0+cu128" }`.
   */
  versions?(output: string): Readonly<Record<string, string>>;
}

/** A training as its options describe it, before anything is checked. */
export interface JobDescription {
  /** One line that names the training: `detect yolo11n.pt epochs=50 imgsz=640`. */
  readonly job: string;
  /** The folder that users of the framework expect results in, absolute or relative to the working folder: `runs/detect`. */
  readonly folder: string;
  /** The name of the results folder inside `folder`, if the user chose one. By default it is the name of the run. */
  readonly name?: string;
  /** Whether the user allows existing results to be overwritten. By default a folder with content is kept and another one is used. */
  readonly overwrites?: boolean;
  /** All settings of the training: those that the user set (`isExplicit`) and the defaults of the framework. */
  readonly settings?: readonly {
    /** The name that the user writes: `lr0`. */
    readonly name: string;
    readonly value: unknown;
    /** Whether the user set it. */
    readonly isExplicit: boolean;
  }[];
  /** How screens show the metrics of an epoch. By default they show all of them, by name. */
  readonly metrics?: ShownMetrics;
  /** The approximate size of the results on the user's computer. */
  readonly resultBytes?: number;
}

/** A training that ended with an exit code other than 0. */
export interface FailedTraining {
  readonly exitCode: number;
  /** The end of the training's log, with secrets masked. */
  readonly output: string;
  readonly job: JobInput;
  /** The facts of the machine after the failure; undefined if they could not be read. */
  readonly facts: MachineFacts | undefined;
}

/** Why a training failed, in words for its user. */
export interface FailureExplanation {
  /** A sentence without its full stop: `The machine's disk is full`. */
  readonly message: string;
  /** How to solve it, as a sentence in the imperative. */
  readonly hint: string;
}

/** The adapter that knows one kind of training: its data, environment, job, progress and results. Only core calls it. */
export interface Framework {
  readonly specVersion: SpecVersion;
  readonly name: string;
  readonly recipe?: AdapterRecipe;
  /**
   * Patterns of the framework's secrets, so that they are masked even if nobody registered them: `/\bcw_\w{6,512}/`. All output is
   * searched, so a pattern must not contain nested repetition.
   */
  readonly secretPatterns?: readonly RegExp[];
  /** The framework's own hooks. They run after those of plugins with the order `pre`, and before all others. */
  readonly hooks?: Hooks;
  /** Describes the training for the plan. Pure. */
  describe(): JobDescription;
  /**
   * Checks the dataset and the options on this computer, before anything is spent. Never writes into the user's folder. Throws
   * `INVALID_OPTIONS` or `INVALID_DATASET` for problems that do not fit into a report.
   */
  check(source: DataSource, context: CallContext): Promise<DatasetReport>;
  /** The disk space that the training needs beside the dataset: environment, caches and output. */
  readonly diskBytes: number;
  /** Estimates how long the training takes on a machine like this, before it is rented; returns undefined if it cannot. Pure. */
  estimate?(input: {
    readonly quote: Quote;
    readonly data: { readonly files: number; readonly bytes: number };
  }): TrainingEstimate | undefined;
  /** Checks, before a machine is rented, whether the training can run on it as it is offered. Errors refuse the plan. Pure. */
  fitsOffer?(input: { readonly quote: Quote }): readonly FitFinding[];
  /** Checks, after connecting and before the upload, whether the training fits the machine. */
  fit?(input: FitInput): readonly FitFinding[];
  /** Returns the environment that the training needs on this machine. */
  environment(facts: MachineFacts): Environment;
  /** Returns the job that runs the training. */
  job(input: JobInput): Job;
  /** Returns a new reader of the training's progress. */
  progress(input?: ProgressInput): ProgressReader;
  readonly artifacts: ArtifactRules;
  /** Returns commands that use the downloaded model, ready to be pasted into a shell on this computer. Pure. */
  nextCommands?(result: {
    /** The absolute path of the model on this computer. */
    readonly model: string;
    readonly dataset?: DatasetLocation;
  }): readonly string[];
  /** Explains why a training failed; returns undefined if it does not recognize the failure. Pure. */
  explainFailure?(training: FailedTraining): FailureExplanation | undefined;
  /** Returns a job that continues a training from the files downloaded of a lost machine; undefined if they are not enough. */
  resume?(
    saved: readonly SavedFile[],
    input: JobInput,
    context: CallContext,
  ): Promise<{ readonly job: Job; readonly ship: Manifest } | undefined>;
}
