import { ApiFailure, hasStatus } from "@unitrain/core/http";
import { type MachineState, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import { confirmAccount } from "./account.ts";
import type { Calls } from "./api/calls.ts";
import { getPodName, readReference, wasSeen } from "./names.ts";
import type { ParsedOptions } from "./options.ts";
import { interpretPod } from "./pod-state.ts";

/** How long a new pod that was never seen may be missing. */
const settleMs = 180_000;
/** How many consecutive polls must find nothing before a pod is gone, because that ends the run. */
const pollsUntilGone = 3;
const pollMs = 2_000;

interface StateQuery {
  readonly calls: Calls;
  readonly context: RunContext;
  readonly name: string;
  readonly recorded: Resource | undefined;
  /** RunPod showed the id under our name before, so it is ours even when it was renamed. */
  readonly isSeen: boolean;
}

/** Returns the state of the pod. An unclear answer is `unknown`, never `gone`. */
export async function getMachineState(
  calls: Calls,
  { now }: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  // The last recorded pod: an earlier one may be a duplicate of the same request, which was terminated at once.
  const recorded = resources.findLast(({ kind }) => kind === "pod");
  const isSeen = recorded !== undefined && wasSeen(recorded);
  const name = recorded?.name ?? getPodName(context.leaseId);
  const query: StateQuery = { calls, context, name, recorded, isSeen };
  try {
    const state = await getStateOnce(query);
    if (state.state !== "gone") return state;
    // A pod that was seen before cannot be late, so it is gone now.
    if (!isSeen && now() - Date.parse(recorded?.recordedAt ?? "") < settleMs)
      return { state: "starting", detail: `${state.evidence}: not yet` };
    return await confirmGone(query, state);
  } catch (failure) {
    if (failure instanceof ApiFailure || isOtherAccount(failure))
      return { state: "unknown", detail: failure.message };
    throw failure;
  }
}

async function getStateOnce({ calls, context, name, recorded, isSeen }: StateQuery): Promise<MachineState> {
  const id = recorded?.id ?? (await findListed(calls, name, context));
  if (id === undefined) return { state: "gone", evidence: `GET /v2/pods lists no ${name}` };
  try {
    const pod = await calls.pod(id, context);
    if (!isSeen && pod.name && pod.name !== name)
      return { state: "unknown", detail: `${id} is ${pod.name}, which is not ours` };
    const interruptible = recorded !== undefined && readReference(recorded).interruptible === true;
    return interpretPod(pod, { interruptible });
  } catch (failure) {
    if (!hasStatus(failure, 404)) throw failure;
    return { state: "gone", evidence: `GET /v2/pods/${id} answered 404` };
  }
}

/** Polls again before a pod counts as gone, which ends the run: a glitch of the API or the key of another account must not. */
async function confirmGone(query: StateQuery, first: MachineState): Promise<MachineState> {
  const { calls, context, name, recorded } = query;
  for (let polls = 1; polls < pollsUntilGone; polls += 1) {
    await context.wait(pollMs);
    const latest = await getStateOnce(query);
    if (latest.state !== "gone") return latest;
  }
  if (
    first.state === "gone" &&
    first.evidence.endsWith("404") &&
    (await findListed(calls, name, context)) !== undefined
  )
    return { state: "unknown", detail: `${first.evidence}, but ${name} is listed` };
  await confirmAccount(calls, recorded, context);
  return first;
}

async function findListed(calls: Calls, name: string, context: RunContext): Promise<string | undefined> {
  const listed = await calls.pods(context);
  return listed.find((pod) => pod.name === name && pod.status.toUpperCase() !== "TERMINATED")?.id;
}

function isOtherAccount(failure: unknown): failure is UnitrainError {
  return UnitrainError.isInstance(failure) && failure.code === "PROVIDER_ACCESS";
}
