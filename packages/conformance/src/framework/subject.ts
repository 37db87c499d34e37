import type { DataSource, Framework, FrameworkCommandLine, SavedFile } from "@unitrain/core/spec";

/** What a rule may need of a framework and its test setup. An author lists the ones that are missing in `lacks`. */
export type FrameworkAbility =
  | "recipe"
  /** It uses secrets, which `secrets` of the setup names. */
  | "secrets"
  /** The setup has a dataset that must be refused. */
  | "broken-data"
  /** The setup has the output of a failed training that the framework explains. */
  | "failure"
  /** The framework watches files, and the setup has their content. */
  | "watched-files"
  /** The framework reads its progress from the log, and the setup has one. */
  | "log"
  /** `describe` says which metrics are shown. */
  | "shown-metrics"
  /** It continues a training from the files of a lost machine, which `saved` of the setup names. */
  | "resume"
  /** It has hooks of its own. */
  | "hooks"
  /** It suggests commands that use the model. */
  | "next-commands"
  /** The setup has `commandLine`, which the framework's package exports. */
  | "command-line"
  /** The setup has the framework with unusual options. */
  | "unusual-options";

/** A framework, a small dataset, and the recorded results of one training, created anew for each check. */
export interface FrameworkSubject {
  readonly framework: Framework;
  /** A small dataset that the framework accepts. */
  readonly data: DataSource;
  /** The relative paths of the files that must be uploaded for it, in any order. */
  readonly files: readonly string[];
  readonly brokenData?: DataSource;
  /** The values of secrets that were passed to the framework. */
  readonly secrets?: readonly string[];
  /** A whole log of a training, with everything that its progress prints. */
  readonly log?: string;
  /** The final content of the watched files of that training, by a path whose name the framework recognizes. */
  readonly watched?: Readonly<Record<string, string>>;
  /** The number of epochs (or steps) that the log shows and that the watched files show as complete. */
  readonly epochs: number;
  /** The relative paths of the files that the training left in its output folder. */
  readonly outputs: readonly string[];
  /** The one of them that is the model. */
  readonly model: string;
  /** The absolute path of a complete model on this computer. */
  readonly modelFile: string;
  /** Files of that training that were downloaded before its machine was lost, and from which it continues. */
  readonly saved?: readonly SavedFile[];
  /** The framework with options that it accepts and few people use: names with quotes and spaces, empty lists, the largest figures. */
  readonly unusual?: readonly Framework[];
  /** The `commandLine` that the framework's package exports. */
  readonly commandLine?: FrameworkCommandLine;
  /** The end of the log of a failed training that the framework explains. */
  readonly failedLog?: string;
  readonly close?: () => void | Promise<void>;
}
