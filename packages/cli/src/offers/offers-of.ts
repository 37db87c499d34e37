import { type Provider, type Quote, UnitrainError } from "@unitrain/core/spec";
import { lookContext } from "../machines/call-context.ts";

/** Everything a provider has, asked for without spending anything. */
export async function offersOf(
  provider: Provider,
  say: (message: string) => void,
): Promise<readonly Quote[]> {
  if (provider.offers === undefined) {
    throw new UnitrainError("NOT_AVAILABLE", `"${provider.name}" rents nothing out that could be listed.`, {
      hint: "Name one that does: unitrain offers --on canopywave",
    });
  }
  return provider.offers(lookContext(say));
}

/** Beside a plan: what else there is. A list that cannot be had is no reason not to plan. */
export async function offersBeside(provider: Provider, ended: AbortSignal): Promise<readonly Quote[]> {
  if (provider.ownership === "borrowed" || provider.offers === undefined) return [];
  return provider.offers(lookContext(() => {}, ended)).catch(() => []);
}
