import type { ReleaseProof } from "@unitrain/core/spec";
import type { ListedInstance, Server } from "../api/answers.ts";
import { ApiFailure, hasStatus } from "../api/failure.ts";
import { readReference, wasSeen } from "../names.ts";
import { type ReleaseOperation, type RoundResult, untilGone } from "./operation.ts";

/** A terminate may be accepted and forgotten. */
const repeatAfterMs = 10_000;
/** An id that was never seen under our name is looked at once before it is terminated, for this long at most. */
const ownerCheckTimeoutMs = 3_000;

/** One instance, by an id from the ledger or from the list. */
interface OurInstance {
  readonly id: string;
  readonly regions: readonly string[];
  /** The provider showed it under our name. */
  isOurs: boolean;
  /** It existed once; so when it cannot be found it is gone, and not merely young. */
  wasSeen: boolean;
  notFound: number;
  terminatedAt?: number;
  gone?: string;
  state: string;
}

/**
 * Terminates the instance of the ledger at once, and every other one of this exact name as soon as the list shows it; then
 * proves by id that each one is gone. That the list leaves it out proves nothing.
 */
export function releaseInstance(operation: ReleaseOperation): Promise<ReleaseProof> {
  const { context, now, resource } = operation;
  const instances = new Map<string, OurInstance>();
  let listings = 0;
  const { asked } = readReference(resource);
  const seen = wasSeen(resource);
  const wasNeverRequested = asked === false && resource.id === undefined;
  if (resource.id !== undefined) {
    // The id was noted together with the region that it was launched in.
    const regions = resource.region === undefined ? operation.regions : [resource.region];
    instances.set(resource.id, { ...createUnseen(resource.id, regions), isOurs: seen, wasSeen: seen });
  }
  const listRemaining = () => [...instances.values()].filter(({ gone }) => gone === undefined);

  return untilGone(operation, {
    async end() {
      await awaitAll(
        listRemaining().map(async (instance) => {
          if (instance.isOurs || !(await belongsToOther(operation, instance)))
            return terminate(operation, instance);
          instances.delete(instance.id);
          context.showStatus(`${instance.id} is ${instance.state}, which is not ours: it is left alone`);
        }),
      );
      return instances.size > 0;
    },
    async prove(): Promise<RoundResult> {
      const [[listing], results] = await Promise.all([
        Promise.allSettled([listOurs(operation)]),
        Promise.allSettled(listRemaining().map((instance) => refreshState(operation, instance))),
      ]);
      // What the list shows is taken in whatever else failed: it is terminated in the next round.
      if (listing.status === "fulfilled") {
        listings += 1;
        for (const listed of listing.value) addListed(operation, instances, listed);
      } else if (listings === 0 || instances.size === 0) {
        throw listing.reason;
      }
      for (const result of results) if (result.status === "rejected") throw result.reason;
      for (const instance of listRemaining()) {
        // Once may be a slip, and a young one may not be found yet.
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
  // Listed and not found at once is a fault of the API, so what it did not find is not proof.
  instance.notFound = 0;
  if (instance.gone?.endsWith("404")) delete instance.gone;
}

/**
 * An invalid answer to a launch may have put somebody else's id into the ledger, where the process died before it looked.
 * Only a clear answer counts: when there is none, the id is ours.
 */
async function belongsToOther(
  { requestContext, calls, project, resource }: ReleaseOperation,
  instance: OurInstance,
): Promise<boolean> {
  const quickContext = { ...requestContext, once: { timeoutMs: ownerCheckTimeoutMs } };
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

/** Whatever carries the exact name is ours: a lost answer may have left a second one. */
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

/** Lets every one of them end before the first failure is thrown: one that fails must not keep the others from being sent. */
async function awaitAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
