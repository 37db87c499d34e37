import type { SettingDeclaration } from "@unitrain/core/spec";
import type * as z from "zod/mini";
import type { PlanPlace } from "../own-setting.ts";

/** A setting as it is written in the table. Its name is its key there; what its type says is not repeated. */
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
  /** As the help shows it: `-y, --yes`, `--max-hours <hours>`. */
  readonly flag?: string;
  /** Its key in the configuration. */
  readonly config?: string;
  readonly plan?: PlanPlace;
  readonly isRepeated?: boolean;
  readonly isRecorded?: boolean;
}

export type Entries = Readonly<Record<string, Entry>>;

/** The commands that take settings of a training. */
export const trainingCommands = ["plan", "train"] as const;
