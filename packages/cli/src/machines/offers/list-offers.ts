import type { MachineCalls, Quote } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";

/** Lists all offers of a provider, which costs nothing. Throws `NOT_AVAILABLE` if the provider cannot list offers. */
export async function listOffers(
  machine: Pick<MachineCalls, "offers">,
  showStatus: (message: string) => void,
): Promise<readonly Quote[]> {
  try {
    return await machine.offers({ showStatus });
  } catch (error) {
    if (!UnitrainError.isInstance(error) || error.code !== "NOT_AVAILABLE") throw error;
    throw new UnitrainError("NOT_AVAILABLE", error.message, {
      hint: "Name a provider that can: unitrain offers --on canopywave",
    });
  }
}
