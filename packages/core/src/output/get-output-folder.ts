import type { Plan } from "../spec/index.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/** Returns the folder that holds a run's results, or will hold them. */
export function getOutputFolder(
  plan: Pick<Plan, "out">,
  { outputFolder }: Pick<LedgerState, "outputFolder">,
): string {
  return outputFolder ?? plan.out;
}
