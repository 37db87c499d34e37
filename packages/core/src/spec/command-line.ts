import type { SettingDeclaration } from "./setting.ts";

/**
 * The part of a framework for the command line: its flags, its options, the lines that its users paste, and what `init` looks for. A
 * package exports it as `commandLine` from its entry `<package>/command-line`, or beside the framework's factory. It is loaded for help,
 * completion and parsing, so import heavy modules inside its functions.
 *
 * @example
 * ```ts
 * import type { FrameworkCommandLine } from "@unitrain/core/spec";
 *
 * export const commandLine: FrameworkCommandLine = {
 *   options: [{ name: "steps", kind: "positive-integer", help: "how many steps to train", default: "10" }],
 *   examples: [["unitrain train ./data steps=20", ""]],
 * };
 * ```
 */
export interface FrameworkCommandLine {
  /** The flags and configuration keys that the framework adds to those of unitrain. */
  readonly settings?: readonly SettingDeclaration[];
  /**
   * The options that are written `key=value` on the command line and under `train` in a configuration. The help lists them. If there are
   * very many, use a function: it is called when a value is parsed or completed, and its options are not listed.
   */
  readonly options?: readonly OptionDeclaration[] | (() => Promise<readonly OptionDeclaration[]>);
  /** Whether a training without a dataset is possible. By default one must be named. */
  readonly isDataOptional?: boolean;
  /** Example command lines for the help of `train`, each with its meaning. */
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
  /** How to read command lines of the framework's own program that users paste. */
  readonly pastedLines?: PastedLines;
  /**
   * Returns the options to call the factory with. By default these are the settings, then the options under `train`, then the typed
   * words, checked against `options`.
   *
   * @throws UnitrainError `INVALID_OPTIONS` that names the first invalid word.
   */
  readOptions?(options: UserOptions): Promise<Readonly<Record<string, unknown>>>;
  /** Turns the recorded options of a run that is repeated into a configuration; by default all of them are under `train`. */
  recordedOptions?(recorded: RecordedOptions): ConfiguredOptions;
  /** Returns sentences to show before the plan, for example about a login that is missing on the machine. */
  notes?(plan: NotesInput): readonly string[];
  /** What `unitrain init` looks for and writes. Without it, `init` asks only for the dataset and the machine. */
  readonly init?: InitSupport;
}

/** An option of the framework that is written `key=value`. */
export interface OptionDeclaration {
  readonly name: string;
  /** The type of its value; by default `text`. */
  readonly kind?: "text" | "switch" | "number" | "positive-number" | "positive-integer" | "integer";
  /** The only values that are allowed. */
  readonly choices?: readonly string[];
  /** Values for completion, if other values are allowed too. */
  readonly completes?: readonly string[];
  /** One line for the help, without a period at its end. */
  readonly help?: string;
  /** The default, as text for the help. */
  readonly default?: string;
  /** Names of the option in other programs, which are refused with a suggestion. */
  readonly otherNames?: readonly string[];
}

/** How to read command lines of the framework's own program. */
export interface PastedLines {
  /** The words that such a line can start with, for completion: `yolo`. */
  readonly programs: readonly string[];
  /** Whether words are the start of such a line: `yolo detect train`. */
  matches(words: readonly string[]): boolean;
  /**
   * Returns the training of such a line as a dataset and `key=value` words: `task=detect`, `data=./pallets`. Returns other words
   * unchanged.
   *
   * @throws UnitrainError `INVALID_OPTIONS` for a line that does not train.
   */
  read(words: readonly string[]): readonly string[];
}

/** What the user set for a training. */
export interface UserOptions {
  /** The typed `key=value` words without the dataset. They take precedence over `configured`. */
  readonly words: readonly string[];
  /** The options under `train` in the configuration. */
  readonly configured: Readonly<Record<string, unknown>>;
  /** The absolute path of the folder that relative paths in `configured` refer to. */
  readonly configFolder: string;
  /** The values of the framework's own `settings` by name, from flags and configuration. Paths are absolute, and lists are joined. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The record of a run that is repeated. */
export interface RecordedOptions {
  /** The options that its framework was created with. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The absolute path of the folder that relative paths refer to. */
  readonly workingFolder: string;
  /** The versions of its environment: `{ ultralytics: "8.4.190" }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** The settings of its plan by name, those that the framework chose among them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Options in the form of a configuration. */
export interface ConfiguredOptions {
  readonly train: Readonly<Record<string, unknown>>;
  /** The values of the framework's own `settings`, by their configuration keys. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What is known before the plan is made. */
export interface NotesInput {
  /** Whether the training runs on this computer. */
  readonly isLocal: boolean;
  /** The values of the framework's own `settings`, by name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The environment variables of the training. */
  readonly env: Readonly<Record<string, string>>;
  /** The names of secret environment variables. */
  readonly secrets: readonly string[];
}

/** A dataset that `init` found. */
export interface FoundDataset {
  /** The path as it is written in the configuration: `./pallets`. */
  readonly path: string;
  /** The kind of dataset in one word: `detect`. */
  readonly kind: string;
}

/** A value that `init` proposes and writes under `train`. */
export interface ProposedOption {
  readonly name: string;
  readonly value: string | number;
  /** The question to ask: `How many epochs?`. If it is left out, the value is written without a question. */
  readonly question?: string;
}

/** What `unitrain init` looks for and writes. */
export interface InitSupport {
  /** Searches a folder a few levels deep. It need not check the datasets, because `plan` does. */
  findDatasets(folder: string): Promise<readonly FoundDataset[]>;
  /** Returns what to write under `train`: the values of the flags of `init`, else values found in the folder, else defaults. */
  proposeOptions(input: {
    readonly folder: string;
    readonly dataset: FoundDataset | undefined;
    readonly flagValues: Readonly<Record<string, unknown>>;
  }): Promise<readonly ProposedOption[]>;
  /** Returns options that follow from the chosen ones, such as `imgsz` from a model. They are written after them. */
  deriveOptions?(
    chosen: Readonly<Record<string, string | number>>,
  ): Readonly<Record<string, string | number>>;
  /** Lines under `train` that are commented out: `batch: 16,`. */
  readonly optionalOptions?: readonly string[];
  /** Lines that the configuration contains as comments, each with its purpose: `pip: ["timm"], // what else to install`. */
  readonly optionalLines?: readonly string[];
  /** The comment above `train`. */
  readonly trainComment?: string;
  /** Recognizes a dataset in another format that can be converted; resolves with undefined if it is none. */
  findConversion?(
    path: string,
    chosen: Readonly<Record<string, string | number>>,
  ): Promise<Conversion | undefined>;
}

/** A dataset in another format that can be converted. */
export interface Conversion {
  /** The format in words: `a COCO dataset`. */
  readonly name: string;
  /** The suffix of the new folder's name: `-yolo`. */
  readonly suffix: string;
  /** Converts the dataset into the new folder `target`. The source is only read. */
  convert(target: string): Promise<ConversionSummary>;
}

/** The result of a conversion. */
export interface ConversionSummary {
  /** One line on the new dataset: `160 train + 40 val images, 3 classes`. */
  readonly summary: string;
  /** Sentences on decisions that the conversion made. */
  readonly notes: readonly string[];
  /** Sentences on annotations that were left out. */
  readonly warnings: readonly string[];
}
