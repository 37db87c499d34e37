import type { MachineRequest, PlanOptions } from "@unitrain/core";
import type { SettingDeclaration } from "@unitrain/core/spec";

/** The name of an option of `unitrain.plan()` or of its machine request. A recorded plan has the same names. */
export type PlanPlace = keyof PlanOptions | `machine.${keyof MachineRequest}`;

/** A setting of the command line itself, as the generated table holds it. */
export interface OwnSetting extends SettingDeclaration {
  /** The option of core that gets its value. */
  readonly plan?: PlanPlace;
  /** Whether `--from` takes it from the repeated run. Default: yes, if the plan of that run has it. */
  readonly isRepeated?: boolean;
  /** Whether it is part of the recorded command line of a run. Default: yes. Flags for the display and for questions are not. */
  readonly isRecorded?: boolean;
}
