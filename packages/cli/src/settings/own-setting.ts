import type { MachineRequest, PlanOptions } from "@unitrain/core";
import type { SettingDeclaration } from "@unitrain/core/spec";

/** An option of `unitrain.plan()`, or of the machine that it asks for. A recorded plan has the same. */
export type PlanPlace = keyof PlanOptions | `machine.${keyof MachineRequest}`;

/** A setting of the command line itself, as the generated table holds it. */
export interface OwnSetting extends SettingDeclaration {
  /** Where core takes its value. */
  readonly plan?: PlanPlace;
  /** `--from` takes it from the run that is repeated. By default it does, when the plan of that run holds it. */
  readonly isRepeated?: boolean;
  /** It stands in the recorded command line of a run. By default it does; how a run was shown or asked about does not. */
  readonly isRecorded?: boolean;
}
