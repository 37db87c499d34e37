import { UnitrainError } from "@unitrain/core/spec";
import type { Ip, Server } from "../api/answers.ts";
import { ApiFailure, isTransient } from "../api/failure.ts";
import { findPublicAddress } from "../machine-address.ts";
import { associate } from "./associate.ts";
import { describeResource, type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";
import { type PollResult, settleOutcome } from "./settle-outcome.ts";

/** The instance is paid for meanwhile, so what passes is waited for; but not for ever. */
const timeoutMs = 5 * 60_000;
const betweenAttemptsMs = 5_000;
const maxPauseMs = 60_000;

/** One that is there already, a free one when that was asked for, else a new one. */
export async function assignAddress(
  operation: LeaseOperation,
  instanceId: string,
  server: Server,
): Promise<void> {
  const { context } = operation;
  const existingAddress = findPublicAddress(server);
  if (existingAddress !== undefined) {
    // Not allocated by us, so not ours to remove.
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

/** Free ones may be taken by a colleague at any moment: the owner decides, read back twice. */
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
      // The owner was read back once already: that it cannot be read again takes nothing away.
      if (latest === undefined) return true;
      if (latest.some((address) => address.id === ip.id && isOwnedBy(address, operation.name, instanceId)))
        return true;
    } catch (error) {
      if (!UnitrainError.isInstance(error)) throw error;
      context.showStatus(`the free address ${ip.ip ?? ip.id} was not to be had: ${error.message}`);
    }
  }
  return false;
}

/** Undefined when CanopyWave cannot be asked for a while. */
async function undefinedWhenTransient<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (failure) {
    if (isTransient(failure)) return undefined;
    throw failure;
  }
}

/** Ids that are there before it is asked tell, later and elsewhere, which one is ours. */
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
    // Without the ids of now nobody could tell later which address is ours, so none is asked for.
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
      response: `an address that was there before, ${allocated.id}`,
    });
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    let lastIds: string | undefined;
    const found = await settleOutcome(operation, failure, async (): Promise<PollResult<readonly Ip[]>> => {
      const possible = findPossiblyOurs(await calls.ips(place, context), before, [name, instanceId]);
      // A colleague's new one is nobody's for a moment too: only what stays so may be ours.
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

/** Addresses that came since, and are nobody else's. */
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
    `${shown} are new, and CanopyWave did not say which one was made for this run.`,
    {
      hint: "Neither is touched. Remove the one that nobody needs in CanopyWave's console: an address costs money until then.",
    },
  );
}

function isOwnedBy(ip: Ip, name: string, instanceId: string): boolean {
  return ip.server === name || ip.server === instanceId;
}
