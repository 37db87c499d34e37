import type { MachineCalls, Quote } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";

/** Everything a provider has, asked for without spending anything. */
export async function listOffers(
  machine: Pick<MachineCalls, "offers">,
  showStatus: (message: string) => void,
): Promise<readonly Quote[]> {
  try {
    return await machine.offers({ showStatus });
  } catch (error) {
    if (!UnitrainError.isInstance(error) || error.code !== "NOT_AVAILABLE") throw error;
    throw new UnitrainError("NOT_AVAILABLE", error.message, {
      hint: "Name one that does: unitrain offers --on canopywave",
    });
  }
}
