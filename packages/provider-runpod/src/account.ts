import { ApiFailure, type ApiRequestContext } from "@unitrain/core/http";
import { type Resource, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "./api/calls.ts";
import { readReference } from "./names.ts";

/**
 * Confirms that the API key belongs to the account of the pod: the key of another account sees no pod of ours, which would prove
 * nothing. The key that rented it does; another key does if GraphQL names the same account.
 *
 * @throws UnitrainError `PROVIDER_ACCESS` for another account, or ApiFailure.
 */
export async function confirmAccount(
  calls: Calls,
  resource: Resource | undefined,
  context: ApiRequestContext,
): Promise<void> {
  const { key, account } = resource === undefined ? {} : readReference(resource);
  if (key === undefined || key === calls.getKeyFingerprint()) {
    // A refused key sees nothing either.
    await calls.pods(context);
    return;
  }
  if (account !== undefined && (await readAccount(calls, context)) === account) return;
  throw new UnitrainError("PROVIDER_ACCESS", "The pod was rented with another RunPod API key.", {
    hint: "Use that key (option apiKey, variable RUNPOD_API_KEY), or one of the same account that may use GraphQL.",
  });
}

async function readAccount(calls: Calls, context: ApiRequestContext): Promise<string | undefined> {
  try {
    return await calls.accountId(context);
  } catch (failure) {
    if (failure instanceof ApiFailure && failure.status === 403) return undefined;
    throw failure;
  }
}
