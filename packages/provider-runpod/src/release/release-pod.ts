import {
  ApiFailure,
  type ApiRequestContext,
  hasStatus,
  type ReleaseSteps,
  type RoundResult,
} from "@unitrain/core/http";
import type { Resource, RunContext } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import { readReference, wasSeen } from "../names.ts";

/** A termination is repeated after this time, because it may be accepted and forgotten. */
const repeatAfterMs = 10_000;
/** Timeout for reading a pod that was never seen under our name, once before it is terminated. */
const ownerCheckTimeoutMs = 3_000;

export interface PodRelease {
  readonly calls: Calls;
  readonly context: Pick<RunContext, "showStatus">;
  readonly requestContext: ApiRequestContext;
  readonly resource: Resource;
  readonly now: () => number;
  readonly settledAt: number;
}

/** One pod, with an id from the ledger or from the list. */
interface OurPod {
  readonly id: string;
  isOurs: boolean;
  /** It existed, so when it is not found it is gone, and not just too new to be found. */
  wasSeen: boolean;
  notFound: number;
  terminatedAt?: number;
  gone?: string;
  state: string;
}

/**
 * Returns the steps that terminate the pod of the ledger at once, and every other pod of this exact name as soon as it is listed. Each
 * must be proven gone by its id: a list without it proves nothing.
 */
export function createReleaseSteps(release: PodRelease): ReleaseSteps {
  const { calls, now, requestContext, resource, settledAt } = release;
  const pods = new Map<string, OurPod>();
  let listings = 0;
  const isSeen = wasSeen(resource);
  const add = (id: string, seen: boolean) => {
    const pod = pods.get(id) ?? { id, isOurs: seen, wasSeen: seen, notFound: 0, state: "not looked at" };
    pods.set(id, pod);
    return pod;
  };
  if (resource.id !== undefined) add(resource.id, isSeen);
  const listRemaining = () => [...pods.values()].filter(({ gone }) => gone === undefined);
  return {
    async end() {
      await awaitAll(
        listRemaining().map(async (pod) => {
          if (pod.isOurs || !(await belongsToOther(release, pod))) return terminate(release, pod);
          pods.delete(pod.id);
          release.context.showStatus(`${pod.id} is left alone: it is ${pod.state}, which is not ours`);
        }),
      );
      return pods.size > 0;
    },
    async prove(): Promise<RoundResult> {
      const [[listing], reads] = await Promise.all([
        Promise.allSettled([calls.pods(requestContext)]),
        Promise.allSettled(listRemaining().map((pod) => refresh(release, pod))),
      ]);
      // Listed pods are added whatever else failed, and terminated in the next round.
      if (listing.status === "fulfilled") {
        listings += 1;
        for (const { id, name, status } of listing.value)
          if (name === resource.name && status.toUpperCase() !== "TERMINATED") markListed(add(id, true));
      } else if (listings === 0 || pods.size === 0) throw listing.reason;
      for (const read of reads) if (read.status === "rejected") throw read.reason;
      for (const pod of listRemaining()) {
        // One 404 may be a glitch, and a new pod may not be found yet.
        if (pod.notFound >= 2 && (pod.wasSeen || now() >= settledAt))
          pod.gone = `GET /v2/pods/${pod.id} answered 404`;
      }
      const unreleased = listRemaining();
      if (unreleased.length > 0)
        return { waitingFor: unreleased.map(({ id, state }) => `${id} ${state}`).join(", ") };
      if (pods.size > 0) return { gone: [...pods.values()].map(({ gone }) => gone).join("; ") };
      if (readReference(resource).asked === false && resource.id === undefined)
        return { gone: `it was never requested, and GET /v2/pods lists no ${resource.name}` };
      if (now() < settledAt || listings < 2) return { waitingFor: "it may appear late" };
      return { gone: `GET /v2/pods never listed ${resource.name}, in ${listings} looks` };
    },
  };
}

function markListed(pod: OurPod): void {
  pod.isOurs = true;
  pod.wasSeen = true;
  // A pod that is listed and gives 404 is a fault of the API, so its 404 is not proof.
  pod.notFound = 0;
  if (pod.gone?.endsWith("404")) delete pod.gone;
}

/** Whether the pod belongs to somebody else, by the name that RunPod shows. Without a clear answer the recorded id is ours. */
async function belongsToOther(
  { calls, requestContext, resource }: PodRelease,
  pod: OurPod,
): Promise<boolean> {
  pod.isOurs = true;
  const quickContext = { ...requestContext, singleAttempt: { timeoutMs: ownerCheckTimeoutMs } };
  try {
    const { name } = await calls.pod(pod.id, quickContext);
    if (!name || name === resource.name) return false;
    pod.state = name;
    return true;
  } catch (failure) {
    if (failure instanceof ApiFailure) return false;
    throw failure;
  }
}

async function terminate({ calls, now, requestContext }: PodRelease, pod: OurPod): Promise<void> {
  if (pod.terminatedAt !== undefined && now() - pod.terminatedAt <= repeatAfterMs) return;
  try {
    await calls.terminate(pod.id, requestContext);
  } catch (failure) {
    if (!hasStatus(failure, 404)) throw failure;
  }
  pod.terminatedAt = now();
}

async function refresh({ calls, requestContext, resource }: PodRelease, pod: OurPod): Promise<void> {
  try {
    const { name, status } = await calls.pod(pod.id, requestContext);
    pod.wasSeen ||= name === resource.name;
    pod.notFound = 0;
    pod.state = status;
    if (status.toUpperCase() === "TERMINATED") pod.gone = `GET /v2/pods/${pod.id} says TERMINATED`;
  } catch (failure) {
    if (!hasStatus(failure, 404)) throw failure;
    pod.notFound += 1;
    pod.state = "not found";
  }
}

/** Waits for all promises, then throws the first failure, so that one failure does not prevent the other calls. */
async function awaitAll(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises))
    if (result.status === "rejected") throw result.reason;
}
