import type { SettingDeclaration } from "@unitrain/core/spec";
import type * as z from "zod/mini";
import type { PlanPlace } from "../own-setting.ts";

/** A setting in the table. Its name is its key in the table. Its kind and its choices follow from its type. */
export interface Entry
  extends Pick<
    SettingDeclaration,
    | "help"
    | "default"
    | "group"
    | "commands"
    | "completes"
    | "byCommand"
    | "otherNames"
    | "isNegatable"
    | "environmentVariable"
  > {
  readonly type: z.core.$ZodType;
  /** The flag as the help shows it: `-y, --yes` or `--max-hours <hours>`. */
  readonly flag?: string;
  /** The key in the configuration. */
  readonly config?: string;
  readonly plan?: PlanPlace;
  readonly isRepeated?: boolean;
  readonly isRecorded?: boolean;
}

export type Entries = Readonly<Record<string, Entry>>;

/** The commands that accept settings of a training. */
export const trainingCommands = ["plan", "train"] as const;
