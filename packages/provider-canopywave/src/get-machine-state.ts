import { ApiFailure, hasStatus } from "@unitrain/core/http";
import type { MachineState, Resource, RunContext } from "@unitrain/core/spec";
import type { ListedInstance } from "./api/answers.ts";
import type { Calls, Place } from "./api/calls.ts";
import { findPublicAddress } from "./machine-address.ts";
import { interpretStatus } from "./machine-state.ts";
import { getResourceName, readReference, wasSeen } from "./names.ts";
import type { ParsedOptions, Settings } from "./options.ts";

/** How long a new instance that was never seen may be missing. */
const settleMs = 180_000;
/** How many consecutive polls must find nothing before a machine is gone, because that ends the run. */
const pollsUntilGone = 3;
const pollMs = 2_000;

interface StateQuery {
  readonly calls: Calls;
  readonly context: RunContext;
  readonly name: string;
  readonly project: string;
  /** The provider showed the id under our name before, so it is ours even when it was renamed. */
  readonly wasSeen: boolean;
  readonly sshPort: number;
  readonly sshUser: string;
}

/** Returns the state of the machine. An unclear answer is `unknown`, never `gone`. */
export async function getMachineState(
  calls: Calls,
  { settings, now }: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  // The last recorded instance: an earlier one may be a duplicate of the same request, which was terminated at once.
  const recorded = resources.findLast(({ kind }) => kind === "instance");
  const project = (recorded && readReference(recorded).project) ?? settings.project;
  const seen = recorded !== undefined && wasSeen(recorded);
  if (project === undefined) return { state: "unknown", detail: "the project of the instance is not known" };
  const name = recorded?.name ?? getResourceName(context.leaseId);
  const query: StateQuery = { calls, context, name, project, wasSeen: seen, ...getLogin(settings) };
  try {
    const state = await getStateOnce(query, recorded);
    if (state.state !== "gone") return state;
    // An instance that was seen before cannot be late, so it is gone now.
    if (!seen && now() - Date.parse(recorded?.recordedAt ?? "") < settleMs) {
      return { state: "starting", detail: `${state.evidence}: not yet` };
    }
    return await confirmGone(query, recorded, state);
  } catch (failure) {
    if (failure instanceof ApiFailure) return { state: "unknown", detail: failure.message };
    throw failure;
  }
}

async function getStateOnce(query: StateQuery, recorded: Resource | undefined): Promise<MachineState> {
  const { name, project } = query;
  if (recorded?.id !== undefined && recorded.region !== undefined) {
    return getStateById(query, { project, region: recorded.region }, recorded.id);
  }
  const listed = await findListed(query);
  if (listed === undefined) return { state: "gone", evidence: `GET /instances lists no ${name}` };
  const region = listed.region ?? recorded?.region;
  if (!region) return { state: "unknown", detail: `the region of ${listed.id} is not known` };
  return getStateById(query, { project, region }, listed.id);
}

async function getStateById(query: StateQuery, place: Place, id: string): Promise<MachineState> {
  const { calls, context, name, wasSeen: seen, sshPort, sshUser } = query;
  try {
    const server = await calls.instance(place, id, context);
    if (!seen && server.name && server.name !== name) {
      return { state: "unknown", detail: `${id} is ${server.name}, which is not ours` };
    }
    const meaning = interpretStatus(server, id);
    if (meaning.state !== "active") return meaning;
    const host =
      findPublicAddress(server) ?? findPublicAddress(server, (await findListed(query, id))?.publicIp);
    if (host === undefined) return { state: "starting", detail: "ACTIVE, without a public address" };
    return {
      state: "running",
      machine: { connectionKind: "ssh", host, port: sshPort, user: sshUser, trust: "lease" },
    };
  } catch (failure) {
    if (!hasStatus(failure, 404)) throw failure;
    return { state: "gone", evidence: `GET /instances/${id} answered 404` };
  }
}

/** Polls again before a machine counts as gone, which ends the run: a glitch of the API or the key of another account must not. */
async function confirmGone(
  query: StateQuery,
  recorded: Resource | undefined,
  first: MachineState,
): Promise<MachineState> {
  const { calls, context, name, project } = query;
  for (let polls = 1; polls < pollsUntilGone; polls += 1) {
    await context.wait(pollMs);
    const latest = await getStateOnce(query, recorded);
    if (latest.state !== "gone") return latest;
  }
  if (first.state === "gone" && first.evidence.endsWith("404") && (await findListed(query, recorded?.id))) {
    return { state: "unknown", detail: `${first.evidence}, but ${name} is listed` };
  }
  if (!(await calls.projects(context)).includes(project)) {
    return { state: "unknown", detail: `the API key does not see the project ${project}` };
  }
  return first;
}

async function findListed(
  { calls, context, name, project }: StateQuery,
  id?: string,
): Promise<ListedInstance | undefined> {
  const listed = await calls.instances(project, context);
  return listed.find((instance) => instance.id === id) ?? listed.find((instance) => instance.name === name);
}

/** Returns the login of Ubuntu images, unless the options differ. */
function getLogin({ sshPort = 22, sshUser = "ubuntu" }: Settings) {
  return { sshPort, sshUser };
}
