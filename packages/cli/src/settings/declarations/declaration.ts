import type { SettingCompletion, SettingDeclaration } from "@unitrain/core/spec";

/** Flags that belong together in the help. */
export interface FlagGroup {
  readonly title: string;
  readonly flags: readonly SettingDeclaration[];
}

interface ArgumentDeclaration {
  /** The argument in the syntax of the parser: `[run]` or `[words...]`. */
  readonly form: string;
  readonly completes?: SettingCompletion | "training";
}

export interface CommandDeclaration {
  readonly name: string;
  /** The arguments and flags in the usage line of the help. */
  readonly usage: string;
  /** The form in the list of commands, if it is shorter than the usage. */
  readonly listed?: string;
  readonly summary: string;
  readonly argument?: ArgumentDeclaration;
  /** Whether the framework adds flags and examples to its help. */
  readonly isDescribedByFramework?: boolean;
  /** Whether its help has a heading for each group of flags. */
  readonly isGrouped?: boolean;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** Whether the command does not report orphaned runs, because it handles them itself or only prints. */
  readonly skipsRecoveryCheck?: boolean;
  /** Notes below the examples. */
  readonly notes?: string;
}
