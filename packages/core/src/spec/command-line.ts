import type { SettingDeclaration } from "./setting.ts";

/**
 * How a framework appears on the command line: its flags, its options, the lines that its users paste and what `init` looks for.
 * Exported as `commandLine` by the package's entry `<package>/command-line`, or beside the framework's factory. It is loaded for
 * help, completion and parsing, so what is heavy is imported inside its functions.
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
  /** Its flags and configuration keys, beside those of unitrain. */
  readonly settings?: readonly SettingDeclaration[];
  /**
   * What is written `key=value` on the command line and stands under `train` in a configuration. The help shows a list; a function
   * is for very many: they are loaded when a value is parsed or completed, and are not listed.
   */
  readonly options?: readonly OptionDeclaration[] | (() => Promise<readonly OptionDeclaration[]>);
  /** Command lines for the help of `train`, each with what it is for. */
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
  /** Command lines of the framework's own program, which its users paste. */
  readonly pastedLines?: PastedLines;
  /**
   * Returns the options that the factory is called with. By default the settings, then what is configured under `train`, then the
   * typed words, checked against `options`.
   *
   * @throws UnitrainError `INVALID_OPTIONS` that names the first wrong word.
   */
  readOptions?(given: GivenOptions): Promise<Readonly<Record<string, unknown>>>;
  /** What a run that is repeated was given, as it stands in a configuration: by default all options under `train`. */
  recordedOptions?(recorded: RecordedOptions): ConfiguredOptions;
  /** Sentences that are shown before the plan: a login that is missing on the machine, for example. */
  notes?(plan: NotesInput): readonly string[];
  /** What `unitrain init` looks for and writes. Without it only the dataset and the machine are asked for. */
  readonly init?: InitSupport;
}

/** One option of the framework, written `key=value`. */
export interface OptionDeclaration {
  readonly name: string;
  /** How its value is read: by default as text. */
  readonly kind?: "text" | "switch" | "number" | "positive-number" | "positive-integer" | "integer";
  /** The only values that are allowed. */
  readonly choices?: readonly string[];
  /** Values that are completed, where others are allowed too. */
  readonly completes?: readonly string[];
  /** One line for the help, without a period at its end. */
  readonly help?: string;
  /** The default, as text for the help. */
  readonly default?: string;
  /** What the option is called elsewhere. These names are refused with a suggestion. */
  readonly otherNames?: readonly string[];
}

/** How command lines of the framework's own program are read. */
export interface PastedLines {
  /** Words that such a line may begin with, for completion: `yolo`. */
  readonly programs: readonly string[];
  /** Whether these words begin one: `yolo detect train`. */
  matches(words: readonly string[]): boolean;
  /**
   * Returns the same training as a dataset and `key=value` words: `task=detect`, `data=./pallets`. Words that are no such line are
   * returned as they are.
   *
   * @throws UnitrainError `INVALID_OPTIONS` for a line that does something else than training.
   */
  read(words: readonly string[]): readonly string[];
}

/** What was set for a training. */
export interface GivenOptions {
  /** The `key=value` words that were typed, without the dataset. They come before `configured`. */
  readonly words: readonly string[];
  /** What stands under `train` in the configuration. */
  readonly configured: Readonly<Record<string, unknown>>;
  /** Relative paths in `configured` refer to this folder. Absolute. */
  readonly configFolder: string;
  /** Values of the framework's own `settings` by name, from flags and configuration: paths absolute, lists joined. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What is known of a run that is repeated. */
export interface RecordedOptions {
  /** The options that its framework was made of. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Relative paths refer to this folder. Absolute. */
  readonly workingFolder: string;
  /** What trained: `{ ultralytics: "8.4.190" }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** The settings of its plan by name, those that the framework chose among them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Options as a configuration holds them. */
export interface ConfiguredOptions {
  readonly train: Readonly<Record<string, unknown>>;
  /** Values of the framework's own `settings`, by their configuration keys. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What is known before a plan is made. */
export interface NotesInput {
  /** The training runs on this computer. */
  readonly isLocal: boolean;
  /** Values of the framework's own `settings`, by name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Variables for the training. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of secret variables. */
  readonly secrets: readonly string[];
}

/** A dataset that `init` found. */
export interface FoundDataset {
  /** As it is written in the configuration: `./pallets`. */
  readonly path: string;
  /** A word for a person: `detect`. */
  readonly kind: string;
}

/** A value that `init` proposes and writes under `train`. */
export interface ProposedOption {
  readonly name: string;
  readonly value: string | number;
  /** What a person is asked: `How many epochs?`. Undefined: written without a question. */
  readonly question?: string;
}

/** What `unitrain init` looks for and writes. */
export interface InitSupport {
  /** Searches a folder, a few levels deep. The thorough check is that of `plan`. */
  findDatasets(folder: string): Promise<readonly FoundDataset[]>;
  /** Returns what to write under `train`, in this order: what was given by flags of `init`, else found in the folder, else a default. */
  proposeOptions(input: {
    readonly folder: string;
    readonly dataset: FoundDataset | undefined;
    readonly given: Readonly<Record<string, unknown>>;
  }): Promise<readonly ProposedOption[]>;
  /** Options that follow from those that were chosen: `imgsz` of a model. Written after them. */
  deriveOptions?(
    chosen: Readonly<Record<string, string | number>>,
  ): Readonly<Record<string, string | number>>;
  /** Lines under `train` that are commented out: `batch: 16,`. */
  readonly optionalOptions?: readonly string[];
  /** Lines of the configuration that are commented out, each with what it is for: `pip: ["timm"], // what else to install`. */
  readonly optionalLines?: readonly string[];
  /** The comment above `train`. */
  readonly trainComment?: string;
  /** Recognizes a dataset in another format than the framework's own, which can be converted. */
  findConversion?(
    path: string,
    chosen: Readonly<Record<string, string | number>>,
  ): Promise<Conversion | undefined>;
}

/** A dataset of another format, ready to be converted. */
export interface Conversion {
  /** What it is: `a COCO dataset`. */
  readonly name: string;
  /** What is added to the folder's name: `-yolo`. */
  readonly suffix: string;
  /** Converts it into a new folder. The source is only read. */
  convert(target: string): Promise<ConversionSummary>;
}

/** What a conversion made. */
export interface ConversionSummary {
  /** `160 train + 40 val images, 3 classes` */
  readonly summary: string;
  /** Sentences on what was decided. */
  readonly notes: readonly string[];
  /** Sentences on what was left out. */
  readonly warnings: readonly string[];
}
