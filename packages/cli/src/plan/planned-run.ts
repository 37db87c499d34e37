import type { Plan, Unitrain } from "@unitrain/core";
import type { Settings } from "../settings/settings.ts";
import type { Alternative } from "../terminal/render/prediction.ts";

/** A plan with what is needed to show and start it. */
export interface PlannedRun {
  readonly unitrain: Unitrain;
  readonly plan: Plan;
  readonly settings: Settings;
  /** The path of the file with all findings in the dataset; undefined if there are none. */
  readonly report: string | undefined;
  /** The offer of a rented machine and its alternatives. */
  readonly alternatives: readonly Alternative[];
}
