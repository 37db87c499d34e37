import type { MachineState, Resource, RunContext } from "@unitrain/core/spec";
import type { ListedInstance } from "./api/answers.ts";
import type { Calls, Place } from "./api/calls.ts";
import { ApiFailure, isStatus } from "./api/failure.ts";
import { publicAddress } from "./machine-address.ts";
import { meaningOfStatus } from "./machine-state.ts";
import { nameOf, referenceOf, wasSeen } from "./names.ts";
import type { ParsedOptions, Settings } from "./options.ts";

/** So long a young instance, which was never seen, may be missing where it will be. */
const settleMs = 180_000;
/** A run ends when its machine is gone: so many looks in a row must find nothing. */
const pollsUntilGone = 3;
const pollMs = 2_000;

interface StateQuery {
  readonly calls: Calls;
  readonly context: RunContext;
  readonly name: string;
  readonly project: string;
  /** The provider showed the id under our name before: it is ours, whatever it is called now. */
  readonly seen: boolean;
  readonly sshPort: number;
  readonly sshUser: string;
}

/** One look. Whatever is no clear answer is `unknown`, never `gone`. */
export async function getMachineState(
  calls: Calls,
  { settings, now }: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  // The last one noted: an earlier one may be a second that one request made, and that was ended at once.
  const noted = resources.findLast(({ kind }) => kind === "instance");
  const project = (noted && referenceOf(noted).project) ?? settings.project;
  const seen = noted !== undefined && wasSeen(noted);
  if (project === undefined) return { state: "unknown", detail: "the project of the instance is not known" };
  const name = noted?.name ?? nameOf(context.leaseId);
  const query: StateQuery = { calls, context, name, project, seen, ...loginOf(settings) };
  try {
    const state = await getStateOnce(query, noted);
    if (state.state !== "gone") return state;
    // One that was seen before is not late, so it is gone now.
    if (!seen && now() - Date.parse(noted?.recordedAt ?? "") < settleMs) {
      return { state: "starting", detail: `${state.evidence}: not yet` };
    }
    return await confirmGone(query, noted, state);
  } catch (failure) {
    if (failure instanceof ApiFailure) return { state: "unknown", detail: failure.message };
    throw failure;
  }
}

async function getStateOnce(query: StateQuery, noted: Resource | undefined): Promise<MachineState> {
  const { name, project } = query;
  if (noted?.id !== undefined && noted.region !== undefined) {
    return getStateById(query, { project, region: noted.region }, noted.id);
  }
  const listed = await listedOf(query);
  if (listed === undefined) return { state: "gone", evidence: `GET /instances lists no ${name}` };
  const region = listed.region ?? noted?.region;
  if (!region) return { state: "unknown", detail: `the region of ${listed.id} is not known` };
  return getStateById(query, { project, region }, listed.id);
}

async function getStateById(query: StateQuery, place: Place, id: string): Promise<MachineState> {
  const { calls, context, name, seen, sshPort, sshUser } = query;
  try {
    const server = await calls.instance(place, id, context);
    if (!seen && server.name && server.name !== name) {
      return { state: "unknown", detail: `${id} is ${server.name}, which is not ours` };
    }
    const meaning = meaningOfStatus(server, id);
    if (meaning.state !== "active") return meaning;
    const host = publicAddress(server) ?? publicAddress(server, (await listedOf(query, id))?.publicIp);
    if (host === undefined) return { state: "starting", detail: "ACTIVE, without a public address" };
    return {
      state: "running",
      machine: { connectionKind: "ssh", host, port: sshPort, user: sshUser, trust: "lease" },
    };
  } catch (failure) {
    if (!isStatus(failure, 404)) throw failure;
    return { state: "gone", evidence: `GET /instances/${id} answered 404` };
  }
}

/** A run is given up when its machine is gone: so a slip of the API must not look like it, nor the key of another account. */
async function confirmGone(
  query: StateQuery,
  noted: Resource | undefined,
  first: MachineState,
): Promise<MachineState> {
  const { calls, context, name, project } = query;
  for (let polls = 1; polls < pollsUntilGone; polls += 1) {
    await context.wait(pollMs);
    const again = await getStateOnce(query, noted);
    if (again.state !== "gone") return again;
  }
  if (first.state === "gone" && first.evidence.endsWith("404") && (await listedOf(query, noted?.id))) {
    return { state: "unknown", detail: `${first.evidence}, but ${name} is listed` };
  }
  if (!(await calls.projects(context)).includes(project)) {
    return { state: "unknown", detail: `the API key does not see the project ${project}` };
  }
  return first;
}

async function listedOf(
  { calls, context, name, project }: StateQuery,
  id?: string,
): Promise<ListedInstance | undefined> {
  const listed = await calls.instances(project, context);
  return listed.find((instance) => instance.id === id) ?? listed.find((instance) => instance.name === name);
}

/** As on every Ubuntu image, unless the options say otherwise. */
function loginOf({ sshPort = 22, sshUser = "ubuntu" }: Settings) {
  return { sshPort, sshUser };
}
