import type { Resource, RunContext } from "../../spec/index.ts";
import type { ApiRequestContext } from "./client.ts";
import { ApiFailure, hasStatus } from "./failure.ts";
import type { ReleaseSteps, RoundResult } from "./wait-until-gone.ts";

/** A termination is repeated after this time, because it may be accepted and forgotten. */
const repeatAfterMs = 10_000;
/** The same for an instance that says that it is being terminated, which some clouds refuse to terminate again. */
const repeatEndingAfterMs = 60_000;
/** Timeout for reading an instance that was never seen under our name, once before it is terminated. */
const ownerCheckTimeoutMs = 3_000;

/** An instance, as the cloud shows it. */
export interface ShownInstance {
  readonly name?: string | null | undefined;
  readonly status: string;
  /** The status says that it no longer exists. */
  readonly isGone: boolean;
  /** The status says that it is being terminated, which need not be repeated soon. */
  readonly isEnding?: boolean;
}

/** The calls of a cloud that releasing instances needs. */
export interface InstanceCalls {
  /** `GET /instances`, for the evidence. */
  readonly listCall: string;
  /** `GET /instances/<id>`, for the evidence. */
  describeCall(id: string): string;
  /** Lists the ids of all existing instances of this exact name: a lost response may have left a second one. */
  listIds(name: string, context: ApiRequestContext): Promise<readonly string[]>;
  read(id: string, context: ApiRequestContext): Promise<ShownInstance>;
  terminate(id: string, context: ApiRequestContext): Promise<void>;
}

/** What the release of an instance needs. */
export interface InstanceRelease {
  readonly calls: InstanceCalls;
  readonly context: Pick<RunContext, "showStatus">;
  readonly requestContext: ApiRequestContext;
  readonly resource: Resource;
  /** The cloud showed the id under our name, or core saw the machine run. */
  readonly wasSeen: boolean;
  /** Nothing was requested, or it was definitely refused. */
  readonly wasNeverRequested: boolean;
  readonly now: () => number;
  /** From this time on, a requested instance that is not listed was never created. */
  readonly settledAt: number;
}

/** One instance, with an id from the ledger or from the list. */
interface OurInstance {
  readonly id: string;
  isOurs: boolean;
  /** It existed, so when it is not found it is gone, and not just too new to be found. */
  wasSeen: boolean;
  isEnding: boolean;
  notFound: number;
  terminatedAt?: number;
  gone?: string;
  state: string;
}

/**
 * Returns the steps that terminate the instance of the ledger at once, and every other instance of this exact name as soon as it is
 * listed. Each must be proven gone by its id: a list without it proves nothing.
 */
export function createInstanceReleaseSteps(release: InstanceRelease): ReleaseSteps {
  const { calls, now, requestContext, resource, settledAt } = release;
  const instances = new Map<string, OurInstance>();
  let listings = 0;
  const add = (id: string, seen: boolean) => {
    const instance = instances.get(id) ?? {
      id,
      isOurs: seen,
      wasSeen: seen,
      isEnding: false,
      notFound: 0,
      state: "not looked at",
    };
    instances.set(id, instance);
    return instance;
  };
  if (resource.id !== undefined) add(resource.id, release.wasSeen);
  const listRemaining = () => [...instances.values()].filter(({ gone }) => gone === undefined);
  return {
    async end() {
      await awaitAll(
        listRemaining().map(async (instance) => {
          if (instance.isOurs || !(await belongsToOther(release, instance)))
            return terminate(release, instance);
          instances.delete(instance.id);
          release.context.showStatus(
            `${instance.id} is left alone: it is ${instance.state}, which is not ours`,
          );
        }),
      );
      return instances.size > 0;
    },
    async prove(): Promise<RoundResult> {
      const [[listing], reads] = await Promise.all([
        Promise.allSettled([calls.listIds(resource.name, requestContext)]),
        Promise.allSettled(listRemaining().map((instance) => refresh(release, instance))),
      ]);
      // Listed instances are added whatever else failed, and terminated in the next round.
      if (listing.status === "fulfilled") {
        listings += 1;
        for (const id of listing.value) markListed(add(id, true));
      } else if (listings === 0 || instances.size === 0) throw listing.reason;
      for (const read of reads) if (read.status === "rejected") throw read.reason;
      for (const instance of listRemaining()) {
        // One 404 may be a glitch, and a new instance may not be found yet.
        if (instance.notFound >= 2 && (instance.wasSeen || now() >= settledAt))
          instance.gone = `${calls.describeCall(instance.id)} answered 404`;
      }
      const unreleased = listRemaining();
      if (unreleased.length > 0)
        return { waitingFor: unreleased.map(({ id, state }) => `${id} ${state}`).join(", ") };
      if (instances.size > 0) return { gone: [...instances.values()].map(({ gone }) => gone).join("; ") };
      if (release.wasNeverRequested)
        return { gone: `it was never requested, and ${calls.listCall} lists no ${resource.name}` };
      if (now() < settledAt || listings < 2) return { waitingFor: "it may appear late" };
      return { gone: `${calls.listCall} never listed ${resource.name}, in ${listings} looks` };
    },
  };
}

function markListed(instance: OurInstance): void {
  instance.isOurs = true;
  instance.wasSeen = true;
  // An instance that is listed and gives 404 is a fault of the API, so its 404 is not proof.
  instance.notFound = 0;
  if (instance.gone?.endsWith("404")) delete instance.gone;
}

/** Whether the instance belongs to somebody else, by the name that the cloud shows. Without a clear answer the recorded id is ours. */
async function belongsToOther(
  { calls, requestContext, resource }: InstanceRelease,
  instance: OurInstance,
): Promise<boolean> {
  instance.isOurs = true;
  const quickContext = { ...requestContext, singleAttempt: { timeoutMs: ownerCheckTimeoutMs } };
  try {
    const { name } = await calls.read(instance.id, quickContext);
    if (!name || name === resource.name) return false;
    instance.state = name;
    return true;
  } catch (failure) {
    if (failure instanceof ApiFailure) return false;
    throw failure;
  }
}

async function terminate(
  { calls, now, requestContext }: InstanceRelease,
  instance: OurInstance,
): Promise<void> {
  const { isEnding, terminatedAt } = instance;
  const pauseMs = isEnding ? repeatEndingAfterMs : repeatAfterMs;
  if (terminatedAt !== undefined && now() - terminatedAt <= pauseMs) return;
  try {
    await calls.terminate(instance.id, requestContext);
  } catch (failure) {
    const isRefusedAgain = isEnding && (hasStatus(failure, 400) || hasStatus(failure, 409));
    if (!hasStatus(failure, 404) && !isRefusedAgain) throw failure;
  }
  instance.terminatedAt = now();
}

async function refresh(
  { calls, now, requestContext, resource }: InstanceRelease,
  instance: OurInstance,
): Promise<void> {
  try {
    const { isEnding = false, isGone, name, status } = await calls.read(instance.id, requestContext);
    instance.wasSeen ||= name === resource.name;
    instance.notFound = 0;
    instance.state = status;
    instance.isEnding = isEnding;
    // Somebody else may have asked for it, or this run before it was interrupted.
    if (isEnding) instance.terminatedAt ??= now();
    if (isGone) instance.gone = `${calls.describeCall(instance.id)} says ${status}`;
  } catch (failure) {
    if (!hasStatus(failure, 404)) throw failure;
    instance.isEnding = false;
    instance.notFound += 1;
    instance.state = "not found";
  }
}

/** Waits for all promises, then throws the first failure, so that one failure does not prevent the other calls. */
async function awaitAll(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises))
    if (result.status === "rejected") throw result.reason;
}
