import { ApiFailure, hasStatus, isTransient } from "@unitrain/core/http";
import { formatMinutes, UnitrainError } from "@unitrain/core/spec";
import { findPublicAddress } from "../machine-address.ts";
import { type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";

/** Long, because an instance has no network port while it is being built. */
const timeoutMs = 3 * 60_000;
const repeatAfterMs = 15_000;
const maxPauseMs = 60_000;

/** Associates the address with the instance, until the API shows the instance as its owner. */
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
    // A foreign owner must be seen twice, because one list may be wrong.
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
  return new UnitrainError("LEASE_FAILED", `Cannot use the address ${ipId}: it belongs to ${owner} now.`, {
    hint: "Try again, without reuseIp if you set it: somebody else took the address at the same moment.",
    retryable: true,
  });
}

function noAddressError(lastFailure: ApiFailure | undefined, ipId: string): UnitrainError {
  const reason = lastFailure?.message ?? "the address has no owner yet";
  return new UnitrainError(
    isTransient(lastFailure) ? "PROVIDER_UNAVAILABLE" : "LEASE_FAILED",
    `The instance could not be given the address ${ipId} within ${formatMinutes(timeoutMs)}: ${reason}.`,
    {
      hint: "Try again, or choose another region. Everything is released.",
      retryable: true,
      cause: lastFailure,
    },
  );
}
