/** What completes a word on the command line. */
export type Completion =
  | "machine"
  | "run"
  | "gpu"
  | "folder"
  | "file"
  | "variable"
  | "command"
  | readonly string[];

/** One flag, as data: the parser, the help, the completions and the reference are made from it. */
export interface FlagDeclaration {
  /** Without dashes: `max-hours`. */
  readonly name: string;
  readonly short?: string;
  /** What stands behind it, for a person: `<hours>`. Without one it is a switch. */
  readonly value?: string;
  /** The value is a number: above 0, or with `integer` also none; `size` takes a unit: `20GB`. */
  readonly kind?: "positive-number" | "positive-integer" | "integer" | "size";
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  /** There is a `--no-` form of it too. */
  readonly negatable?: boolean;
  readonly meaning: string;
  readonly completes?: Completion;
}

/** Flags that belong together in the help. */
export interface FlagGroup {
  readonly title: string;
  readonly flags: readonly FlagDeclaration[];
}

interface ArgumentDeclaration {
  /** As the parser wants it: `[run]`, `[words...]`. */
  readonly form: string;
  readonly completes?: Completion | "training";
}

export interface CommandDeclaration {
  readonly name: string;
  /** What is written behind the name, for a person. */
  readonly usage: string;
  /** As the list of commands shows it, when that is shorter than the usage. */
  readonly listed?: string;
  readonly summary: string;
  readonly argument?: ArgumentDeclaration;
  readonly groups: readonly FlagGroup[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** It says nothing of what is left over: it sees to that itself, or only prints. */
  readonly skipsRecoveryCheck?: boolean;
  /** Below the examples: what else must be known. */
  readonly notes?: string;
}
