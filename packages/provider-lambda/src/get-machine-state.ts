import { hasStatus } from "@unitrain/core/http";
import type { MachineState, Resource, RunContext } from "@unitrain/core/spec";
import { confirmAccount, isUnclear } from "./account.ts";
import type { Calls } from "./api/calls.ts";
import { interpretInstance } from "./instance-state.ts";
import { getResourceName, wasSeen } from "./names.ts";
import type { ParsedOptions } from "./options.ts";

/** How long a new instance that was never seen may be missing. */
const settleMs = 180_000;
/** How many consecutive polls must find nothing before a machine is gone, because that ends the run. */
const pollsUntilGone = 3;
const pollMs = 2_000;

type LookAtInstance = () => Promise<MachineState>;

/** Returns the state of the instance. An unclear answer is `unknown`, never `gone`. */
export async function getMachineState(
  calls: Calls,
  { settings, now }: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  // The last recorded instance: an earlier one may be a duplicate of the same request, which was terminated at once.
  const recorded = resources.findLast(({ kind }) => kind === "instance");
  const isSeen = recorded !== undefined && wasSeen(recorded);
  const name = recorded?.name ?? getResourceName(context.leaseId);
  const findListed = async () =>
    (await calls.instances(context)).find((listed) => listed.name === name && listed.status !== "terminated");
  const look: LookAtInstance = async () => {
    const id = recorded?.id ?? (await findListed())?.id;
    if (id === undefined) return { state: "gone", evidence: `GET /instances lists no ${name}` };
    try {
      const instance = await calls.instance(id, context);
      return !isSeen && instance.name && instance.name !== name
        ? { state: "unknown", detail: `${id} is ${instance.name}, which is not ours` }
        : interpretInstance(instance, settings);
    } catch (failure) {
      if (!hasStatus(failure, 404)) throw failure;
      return { state: "gone", evidence: `GET /instances/${id} answered 404` };
    }
  };
  try {
    const first = await look();
    if (first.state !== "gone") return first;
    // An instance that was seen before cannot be late, so it is gone now.
    if (!isSeen && now() - Date.parse(recorded?.recordedAt ?? "") < settleMs)
      return { state: "starting", detail: `${first.evidence}: not yet` };
    // A glitch of the API, or the key of another account, must not end the run.
    for (let polls = 1; polls < pollsUntilGone; polls += 1) {
      await context.wait(pollMs);
      const latest = await look();
      if (latest.state !== "gone") return latest;
    }
    if (first.evidence.endsWith("404") && (await findListed()) !== undefined)
      return { state: "unknown", detail: `${first.evidence}, but ${name} is listed` };
    await confirmAccount(calls, recorded, context);
    return first;
  } catch (failure) {
    if (isUnclear(failure)) return { state: "unknown", detail: failure.message };
    throw failure;
  }
}
