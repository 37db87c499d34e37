import type { PollResult } from "@unitrain/core/http";
import { ApiFailure, isTransient } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import type { Ip, Server } from "../api/answers.ts";
import { findPublicAddress } from "../machine-address.ts";
import { associate } from "./associate.ts";
import { describeResource, type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";
import { settleOutcome } from "./settle-outcome.ts";

/** How long transient failures are retried. The instance costs money meanwhile, so it is neither dropped at once nor kept for ever. */
const timeoutMs = 5 * 60_000;
const betweenAttemptsMs = 5_000;
const maxPauseMs = 60_000;

/** Gives the instance a public address: the one it has, a free one when `reuseIp` is set, else a new one. */
export async function assignAddress(
  operation: LeaseOperation,
  instanceId: string,
  server: Server,
): Promise<void> {
  const { context } = operation;
  const existingAddress = findPublicAddress(server);
  if (existingAddress !== undefined) {
    // We did not allocate it, so we must not remove it.
    await context.record(
      describeResource(operation, "address", { onRelease: "keep", ip: existingAddress, asked: false }),
    );
    return;
  }
  stopWhenRequested(operation);
  if (operation.reuseIp && (await tryReuseFree(operation, instanceId))) return;
  context.showStatus("waiting for a public address");
  await associate(operation, await allocate(operation, instanceId), instanceId);
}

/** Tries the free addresses. Somebody else may take one at any moment, so its owner is read back twice. */
async function tryReuseFree(operation: LeaseOperation, instanceId: string): Promise<boolean> {
  const { calls, context, place } = operation;
  const listed = await undefinedWhenTransient(calls.ips(place, context));
  const free = (listed ?? []).filter((ip) => !ip.server && /^down$/i.test(ip.status ?? ""));
  for (const ip of free) {
    stopWhenRequested(operation);
    await context.record(
      describeResource(operation, "address", {
        onRelease: "keep",
        id: ip.id,
        ...(ip.ip ? { ip: ip.ip } : {}),
      }),
    );
    try {
      await associate(operation, ip.id, instanceId);
      await pause(operation, operation.pollMs);
      const latest = await undefinedWhenTransient(calls.ips(place, context));
      // The owner was confirmed once already, so a failed second read does not matter.
      if (latest === undefined) return true;
      if (latest.some((address) => address.id === ip.id && isOwnedBy(address, operation.name, instanceId)))
        return true;
    } catch (error) {
      if (!UnitrainError.isInstance(error)) throw error;
      context.showStatus(`cannot use the free address ${ip.ip ?? ip.id}: ${error.message}`);
    }
  }
  return false;
}

/** Resolves with undefined for a transient failure. */
async function undefinedWhenTransient<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (failure) {
    if (isTransient(failure)) return undefined;
    throw failure;
  }
}

/** Allocates an address. The ids that exist before are recorded, so that our address can be found later, in any process. */
async function allocate(operation: LeaseOperation, instanceId: string): Promise<string> {
  const { context, now } = operation;
  const startedAt = now();
  for (;;) {
    stopWhenRequested(operation);
    const answer = await tryAllocate(operation, instanceId);
    if ("id" in answer) return answer.id;
    const { failure } = answer;
    if (!isTransient(failure) || now() - startedAt > timeoutMs) throw failure;
    context.showStatus(`no address yet, trying again: ${failure.message}`);
    await pause(operation, Math.min(failure.retryAfterMs ?? betweenAttemptsMs, maxPauseMs));
  }
}

async function tryAllocate(
  operation: LeaseOperation,
  instanceId: string,
): Promise<{ readonly id: string } | { readonly failure: ApiFailure }> {
  const { calls, context, place } = operation;
  let before: readonly string[];
  try {
    before = (await calls.ips(place, context)).map(({ id }) => id);
  } catch (failure) {
    // Without the existing ids nobody could tell later which address is ours, so none is requested.
    if (!(failure instanceof ApiFailure)) throw failure;
    return { failure };
  }
  await context.record(describeResource(operation, "address", { before }));
  stopWhenRequested(operation);
  const answer = await requestAddress(operation, before, instanceId);
  if ("failure" in answer) return answer;
  const { id, ip } = answer;
  await context.record(describeResource(operation, "address", { id, before, ...(ip ? { ip } : {}) }));
  return { id };
}

type NewAddress = { readonly id: string; readonly ip?: string | null | undefined };

async function requestAddress(
  operation: LeaseOperation,
  before: readonly string[],
  instanceId: string,
): Promise<NewAddress | { readonly failure: ApiFailure }> {
  const { calls, context, name, place } = operation;
  try {
    const allocated = await calls.allocateIp(place, context);
    if (!before.includes(allocated.id)) return allocated;
    throw new ApiFailure({
      kind: "invalid-response",
      call: "POST /ips",
      response: `an address that existed before, ${allocated.id}`,
    });
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    let lastIds: string | undefined;
    const found = await settleOutcome(operation, failure, async (): Promise<PollResult<readonly Ip[]>> => {
      const possible = findPossiblyOurs(await calls.ips(place, context), before, [name, instanceId]);
      // A new address of somebody else has no owner for a moment either, so the result must be the same twice.
      const ids = possible.map(({ id }) => id).join();
      const isSameAgain = ids !== lastIds;
      lastIds = ids;
      if (possible.length === 0) return "nothing";
      return isSameAgain ? "again" : { found: possible };
    });
    if (found === undefined) return { failure };
    const [address] = found;
    if (address !== undefined && found.length === 1) return address;
    await context.record(
      describeResource(operation, "address", { before, possible: found.map(({ id }) => id) }),
    );
    throw severalPossibleError(found);
  }
}

/** Finds the addresses that are new and belong to nobody else. */
export function findPossiblyOurs(
  ips: readonly Ip[],
  before: readonly string[],
  owners: readonly string[],
): readonly Ip[] {
  const newIps = ips.filter(({ id }) => !before.includes(id));
  const owned = newIps.filter(({ server }) => server && owners.includes(server));
  return owned.length > 0 ? owned : newIps.filter(({ server }) => !server);
}

export function severalPossibleError(possible: readonly Ip[]): UnitrainError {
  const shown = possible.map(({ id, ip }) => (ip ? `${ip} (${id})` : id)).join(" and ");
  return new UnitrainError(
    "LEASE_FAILED",
    `Cannot tell which address belongs to this run: ${shown} are new, and CanopyWave's response was lost.`,
    {
      hint: "Remove the address that nobody needs in CanopyWave's console: it costs money until then. unitrain leaves both alone.",
    },
  );
}

function isOwnedBy(ip: Ip, name: string, instanceId: string): boolean {
  return ip.server === name || ip.server === instanceId;
}
