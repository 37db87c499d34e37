import { formatMinutes, UnitrainError } from "@unitrain/core/spec";
import { ApiFailure, hasStatus, isTransient } from "../api/failure.ts";
import { findPublicAddress } from "../machine-address.ts";
import { type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";

/** There is no port while the instance is being built. */
const timeoutMs = 3 * 60_000;
const repeatAfterMs = 15_000;
const maxPauseMs = 60_000;

/** Gives the address to the instance, and believes it only when the owner was read back. */
export async function associate(operation: LeaseOperation, ipId: string, instanceId: string): Promise<void> {
  const { calls, context, now, place, pollMs } = operation;
  const startedAt = now();
  let acceptedAt: number | undefined;
  let foreignPort: string | undefined;
  let lastFailure: ApiFailure | undefined;
  for (;;) {
    stopWhenRequested(operation);
    if (acceptedAt === undefined || now() - acceptedAt > repeatAfterMs) {
      try {
        await calls.associateIp(place, ipId, instanceId, context);
        acceptedAt = now();
        lastFailure = undefined;
      } catch (failure) {
        if (!(failure instanceof ApiFailure) || hasStatus(failure, 401) || hasStatus(failure, 403))
          throw failure;
        lastFailure = failure;
      }
    }
    const owner = await readOwner(operation, ipId, instanceId);
    if (owner === "ours") return;
    if (owner !== undefined && owner === foreignPort) throw addressTakenError(owner, ipId);
    // Once may be a slip of the list; twice is so.
    foreignPort = owner;
    if (now() - startedAt > timeoutMs) throw noAddressError(lastFailure, ipId);
    await pause(operation, Math.max(pollMs, Math.min(lastFailure?.retryAfterMs ?? 0, maxPauseMs)));
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
    return findPublicAddress(await calls.instance(place, instanceId, context)) === found.ip
      ? "ours"
      : undefined;
  } catch (failure) {
    if (failure instanceof ApiFailure) return undefined;
    throw failure;
  }
}

function addressTakenError(owner: string, ipId: string): UnitrainError {
  return new UnitrainError("LEASE_FAILED", `The address ${ipId} belongs to ${owner} now.`, {
    hint: "Somebody else took it in the same moment. Try again, without reuseIp if you set it.",
    retryable: true,
  });
}

function noAddressError(lastFailure: ApiFailure | undefined, ipId: string): UnitrainError {
  const reason = lastFailure?.message ?? "the address has no owner yet";
  return new UnitrainError(
    isTransient(lastFailure) ? "PROVIDER_UNAVAILABLE" : "LEASE_FAILED",
    `The instance could not be given the address ${ipId} within ${formatMinutes(timeoutMs)}: ${reason}.`,
    { hint: "Everything is released. Try again, or in another region.", retryable: true, cause: lastFailure },
  );
}
