import type { SettingCompletion, SettingDeclaration } from "@unitrain/core/spec";

/** Flags that belong together in the help. */
export interface FlagGroup {
  readonly title: string;
  readonly flags: readonly SettingDeclaration[];
}

interface ArgumentDeclaration {
  /** As the parser wants it: `[run]`, `[words...]`. */
  readonly form: string;
  readonly completes?: SettingCompletion | "training";
}

export interface CommandDeclaration {
  readonly name: string;
  /** What is written behind the name, for a person. */
  readonly usage: string;
  /** As the list of commands shows it, when that is shorter than the usage. */
  readonly listed?: string;
  readonly summary: string;
  readonly argument?: ArgumentDeclaration;
  /** The framework adds flags and examples to it. */
  readonly isDescribedByFramework?: boolean;
  /** Its help has a heading for each group of flags. */
  readonly isGrouped?: boolean;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** It says nothing of what is left over: it sees to that itself, or only prints. */
  readonly skipsRecoveryCheck?: boolean;
  /** Below the examples: what else must be known. */
  readonly notes?: string;
}
