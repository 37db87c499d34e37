import type { RoundResult } from "@unitrain/core/http";
import { ApiFailure, hasStatus } from "@unitrain/core/http";
import type { ReleaseProof } from "@unitrain/core/spec";
import type { ListedInstance, Server } from "../api/answers.ts";
import { readReference, wasSeen } from "../names.ts";
import { type ReleaseOperation, waitUntilGone } from "./operation.ts";

/** A terminate is repeated after this time, because it may be accepted and forgotten. */
const repeatAfterMs = 10_000;
/** Timeout for reading an instance that was never seen under our name, once before it is terminated. */
const ownerCheckTimeoutMs = 3_000;

/** One instance, with an id from the ledger or from the list. */
interface OurInstance {
  readonly id: string;
  readonly regions: readonly string[];
  /** The provider showed it under our name. */
  isOurs: boolean;
  /** It existed, so when it is not found it is gone, and not just too new to be listed. */
  wasSeen: boolean;
  notFound: number;
  terminatedAt?: number;
  gone?: string;
  state: string;
}

/**
 * Terminates the instance of the ledger at once, and every other instance of this exact name as soon as it is listed. Each must be proven
 * gone by its id: a list without it proves nothing.
 */
export function releaseInstance(operation: ReleaseOperation): Promise<ReleaseProof> {
  const { context, now, resource } = operation;
  const instances = new Map<string, OurInstance>();
  let listings = 0;
  const { asked } = readReference(resource);
  const seen = wasSeen(resource);
  const wasNeverRequested = asked === false && resource.id === undefined;
  if (resource.id !== undefined) {
    // The id was recorded together with its region.
    const regions = resource.region === undefined ? operation.regions : [resource.region];
    instances.set(resource.id, { ...createUnseen(resource.id, regions), isOurs: seen, wasSeen: seen });
  }
  const listRemaining = () => [...instances.values()].filter(({ gone }) => gone === undefined);

  return waitUntilGone(operation, {
    async end() {
      await awaitAll(
        listRemaining().map(async (instance) => {
          if (instance.isOurs || !(await belongsToOther(operation, instance)))
            return terminate(operation, instance);
          instances.delete(instance.id);
          context.showStatus(`${instance.id} is left alone: it is ${instance.state}, which is not ours`);
        }),
      );
      return instances.size > 0;
    },
    async prove(): Promise<RoundResult> {
      const [[listing], results] = await Promise.all([
        Promise.allSettled([listOurs(operation)]),
        Promise.allSettled(listRemaining().map((instance) => refreshState(operation, instance))),
      ]);
      // Listed instances are added whatever else failed, and terminated in the next round.
      if (listing.status === "fulfilled") {
        listings += 1;
        for (const listed of listing.value) addListed(operation, instances, listed);
      } else if (listings === 0 || instances.size === 0) {
        throw listing.reason;
      }
      for (const result of results) if (result.status === "rejected") throw result.reason;
      for (const instance of listRemaining()) {
        // One 404 may be a glitch, and a new instance may not be found yet.
        if (instance.notFound >= 2 && (instance.wasSeen || now() >= operation.settledAt)) {
          instance.gone = `GET /instances/${instance.id} answered 404`;
        }
      }
      const unreleased = listRemaining();
      if (unreleased.length > 0)
        return { waitingFor: unreleased.map(({ id, state }) => `${id} ${state}`).join(", ") };
      if (instances.size > 0) return { gone: [...instances.values()].map(({ gone }) => gone).join("; ") };
      if (wasNeverRequested)
        return { gone: `it was never launched, and GET /instances lists no ${resource.name}` };
      if (now() < operation.settledAt || listings < 2) return { waitingFor: "it may appear late" };
      const since = resource.recordedAt === undefined ? "" : ` since ${resource.recordedAt}`;
      return { gone: `GET /instances never listed ${resource.name}, in ${listings} looks${since}` };
    },
  });
}

function createUnseen(id: string, regions: readonly string[]): OurInstance {
  return { id, regions, isOurs: false, wasSeen: false, notFound: 0, state: "not looked at" };
}

function addListed(
  { regions }: ReleaseOperation,
  instances: Map<string, OurInstance>,
  listed: ListedInstance,
): void {
  const { id, region } = listed;
  const instance = instances.get(id) ?? createUnseen(id, region ? [region] : regions);
  instances.set(id, instance);
  instance.isOurs = true;
  instance.wasSeen = true;
  // An instance that is listed and gives 404 is a fault of the API, so its 404 is not proof.
  instance.notFound = 0;
  if (instance.gone?.endsWith("404")) delete instance.gone;
}

/**
 * Whether the instance belongs to somebody else: an invalid response to a launch may have put a foreign id into the ledger. Only a clear
 * answer counts; without one the id is ours.
 */
async function belongsToOther(
  { requestContext, calls, project, resource }: ReleaseOperation,
  instance: OurInstance,
): Promise<boolean> {
  const quickContext = { ...requestContext, singleAttempt: { timeoutMs: ownerCheckTimeoutMs } };
  const requests = instance.regions.map((region) =>
    calls.instance({ project, region }, instance.id, quickContext),
  );
  instance.isOurs = true;
  for (const result of await Promise.allSettled(requests)) {
    if (result.status === "rejected") {
      if (!(result.reason instanceof ApiFailure)) throw result.reason;
      continue;
    }
    const { name } = result.value;
    if (!name) continue;
    instance.state = name;
    return name !== resource.name;
  }
  return false;
}

async function terminate(
  { requestContext, calls, now, project }: ReleaseOperation,
  instance: OurInstance,
): Promise<void> {
  if (instance.terminatedAt !== undefined && now() - instance.terminatedAt <= repeatAfterMs) return;
  await awaitAll(
    instance.regions.map((region) =>
      calls.terminate({ project, region }, instance.id, requestContext).catch((failure: unknown) => {
        if (!hasStatus(failure, 404)) throw failure;
      }),
    ),
  );
  instance.terminatedAt = now();
}

/** Lists all instances with our exact name: a lost response may have left a second one. */
async function listOurs({
  requestContext,
  calls,
  project,
  resource,
}: ReleaseOperation): Promise<readonly ListedInstance[]> {
  const listed = await calls.instances(project, requestContext);
  return listed.filter(({ name }) => name === resource.name);
}

async function refreshState(
  { requestContext, calls, project, resource }: ReleaseOperation,
  instance: OurInstance,
): Promise<void> {
  for (const region of instance.regions) {
    try {
      const server = await calls.instance({ project, region }, instance.id, requestContext);
      instance.wasSeen ||= server.name === resource.name;
      instance.notFound = 0;
      instance.state = formatStatus(server);
      if (/^(?:DELETED|TERMINATED)$/i.test(server.status)) {
        instance.gone = `GET /instances/${instance.id} says ${server.status.toUpperCase()}`;
      }
      return;
    } catch (failure) {
      if (!hasStatus(failure, 404)) throw failure;
    }
  }
  instance.notFound += 1;
  instance.state = "not found";
}

function formatStatus(server: Server): string {
  return [server.status, server["OS-EXT-STS:task_state"]].filter(Boolean).join(", ");
}

/** Waits for all promises, then throws the first failure, so that one failure does not prevent the other calls. */
async function awaitAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
