import { ApiFailure, type ApiRequestContext } from "@unitrain/core/http";
import { type Resource, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "./api/calls.ts";
import { readReference } from "./names.ts";

/**
 * Confirms that the API key belongs to the account of the resource: the key of another account sees nothing of ours, which would prove
 * nothing. The key that rented it does; any other key must see something of this lease. Lambda's API does not say whose a key is.
 *
 * @throws UnitrainError `PROVIDER_ACCESS` for a key that may be of another account, or ApiFailure.
 */
export async function confirmAccount(
  calls: Calls,
  resource: Resource | undefined,
  context: ApiRequestContext,
): Promise<void> {
  const key = resource === undefined ? undefined : readReference(resource).key;
  if (key === undefined || key === calls.getKeyFingerprint()) return;
  const [instances, keys] = await Promise.all([calls.instances(context), calls.keys(context)]);
  if ([...instances, ...keys].some(({ name }) => name === resource?.name)) return;
  throw new UnitrainError("PROVIDER_ACCESS", "The instance was rented with another Lambda API key.", {
    hint: "Use that key (option apiKey, variable LAMBDA_API_KEY). If it no longer exists, check Lambda's console.",
  });
}

/** Whether the failure says that nothing can be known: the API cannot be read, or the key is of another account. */
export function isUnclear(failure: unknown): failure is Error {
  if (failure instanceof ApiFailure) return true;
  return UnitrainError.isInstance(failure) && failure.code === "PROVIDER_ACCESS";
}
