import { UnitrainError } from "@unitrain/core/spec";
import { ApiFailure, isPassing, isStatus } from "../api/failure.ts";
import { publicAddress } from "../machine-address.ts";
import { type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";

/** There is no port while the instance is being built. */
const patienceMs = 3 * 60_000;
const askAgainMs = 15_000;
const longestPauseMs = 60_000;

/** Gives the address to the instance, and believes it only when the owner was read back. */
export async function associate(operation: LeaseOperation, ipId: string, instanceId: string): Promise<void> {
  const { calls, context, now, place, pollMs } = operation;
  const begin = now();
  let acceptedAt: number | undefined;
  let foreignPort: string | undefined;
  let last: ApiFailure | undefined;
  for (;;) {
    stopWhenRequested(operation);
    if (acceptedAt === undefined || now() - acceptedAt > askAgainMs) {
      try {
        await calls.associateIp(place, ipId, instanceId, context);
        acceptedAt = now();
        last = undefined;
      } catch (failure) {
        if (!(failure instanceof ApiFailure) || isStatus(failure, 401) || isStatus(failure, 403))
          throw failure;
        last = failure;
      }
    }
    const owner = await readOwner(operation, ipId, instanceId);
    if (owner === "ours") return;
    if (owner !== undefined && owner === foreignPort) throw takenBy(owner, ipId);
    // Once may be a slip of the list; twice is so.
    foreignPort = owner;
    if (now() - begin > patienceMs) throw noAddress(last, ipId);
    await pause(operation, Math.max(pollMs, Math.min(last?.retryAfterMs ?? 0, longestPauseMs)));
  }
}

async function readOwner(
  { calls, context, name, place }: LeaseOperation,
  ipId: string,
  instanceId: string,
): Promise<"ours" | string | undefined> {
  try {
    const found = (await calls.ips(place, context)).find(({ id }) => id === ipId);
    if (found === undefined) return undefined;
    if (found.server === name || found.server === instanceId) return "ours";
    if (found.server) return found.server;
    if (!found.ip) return undefined;
    return publicAddress(await calls.instance(place, instanceId, context)) === found.ip ? "ours" : undefined;
  } catch (failure) {
    if (failure instanceof ApiFailure) return undefined;
    throw failure;
  }
}

function takenBy(owner: string, ipId: string): UnitrainError {
  return new UnitrainError("LEASE_FAILED", `The address ${ipId} belongs to ${owner} now.`, {
    hint: "Somebody else took it in the same moment. Try again, without reuseIp if you set it.",
    retryable: true,
  });
}

function noAddress(last: ApiFailure | undefined, ipId: string): UnitrainError {
  const reason = last?.message ?? "the address has no owner yet";
  return new UnitrainError(
    isPassing(last) ? "PROVIDER_UNAVAILABLE" : "LEASE_FAILED",
    `The instance could not be given the address ${ipId} within ${patienceMs / 60_000} minutes: ${reason}.`,
    { hint: "Everything is released. Try again, or in another region.", retryable: true, cause: last },
  );
}
