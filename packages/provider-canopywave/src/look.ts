import type { MachineState, Resource, RunContext } from "@unitrain/core/spec";
import type { ListedInstance, Server } from "./api/answers.ts";
import type { Calls } from "./api/calls.ts";
import { ApiFailure, isStatus } from "./api/failure.ts";
import { publicAddress } from "./machine-address.ts";
import { find, nameOf, referenceOf } from "./names.ts";
import type { ParsedOptions } from "./options.ts";

/** So long a young instance may be missing where it will be. */
const settleMs = 180_000;
const stopped = /^(?:SHUTOFF|STOPPED|PAUSED|SUSPENDED|SHELVED|SHELVED_OFFLOADED|SOFT_DELETED|SOFT-DELETED)$/;

/** One look. Whatever is no clear answer is `unknown`, never `gone`. */
export async function look(
  calls: Calls,
  options: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  try {
    return await lookAtInstance(calls, options, resources, context);
  } catch (failure) {
    if (failure instanceof ApiFailure) return { state: "unknown", detail: failure.message };
    throw failure;
  }
}

async function lookAtInstance(
  calls: Calls,
  { settings, now }: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  const noted = find(resources, "instance");
  const name = noted?.name ?? nameOf(context.leaseId);
  const project = (noted && referenceOf(noted).project) ?? settings.project;
  if (project === undefined) return { state: "unknown", detail: "the project of the instance is not known" };
  const young = now() - Date.parse(noted?.recordedAt ?? "") < settleMs;
  const id = noted?.id;
  if (id === undefined || noted?.region === undefined) {
    const listed = await listedOf(calls, project, name, context);
    const region = listed?.region ?? noted?.region;
    if (listed !== undefined && region) {
      return lookById({ calls, place: { project, region }, id: listed.id, name, young, context, settings });
    }
    if (listed !== undefined) return { state: "unknown", detail: `the region of ${listed.id} is not known` };
    if (young) return { state: "starting", detail: "not listed yet" };
    return { state: "gone", evidence: `GET /instances lists no ${name}` };
  }
  return lookById({ calls, place: { project, region: noted.region }, id, name, young, context, settings });
}

interface ById {
  readonly calls: Calls;
  readonly place: { readonly project: string; readonly region: string };
  readonly id: string;
  readonly name: string;
  readonly young: boolean;
  readonly context: RunContext;
  readonly settings: ParsedOptions["settings"];
}

async function lookById(given: ById): Promise<MachineState> {
  const { calls, place, id, name, young, context } = given;
  try {
    const server = await calls.instance(place, id, context);
    if (server.name && server.name !== name) {
      return { state: "unknown", detail: `${id} is ${server.name}, which is not ours` };
    }
    return await stateOf(server, given);
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || !isStatus(failure, 404)) throw failure;
    if (young) return { state: "starting", detail: "not found yet" };
    // A 404 while it is still listed is a fault of the API, not an end.
    const listed = await listedOf(calls, place.project, name, context);
    if (listed !== undefined)
      return { state: "unknown", detail: `${failure.message}, but ${name} is listed` };
    return { state: "gone", evidence: `GET /instances/${id} answered 404` };
  }
}

async function stateOf(
  server: Server,
  { calls, place, id, name, context, settings }: ById,
): Promise<MachineState> {
  const status = server.status.toUpperCase();
  const task = server["OS-EXT-STS:task_state"]?.toLowerCase() ?? "";
  if (status === "DELETED" || status === "TERMINATED") {
    return { state: "gone", evidence: `GET /instances/${id} says ${status}` };
  }
  if (/PREEMPT/.test(status)) return { state: "preempted", detail: status };
  if (stopped.test(status)) return { state: "stopped", detail: status };
  if (status === "ERROR") return { state: "failed", detail: server.fault?.message?.slice(0, 300) ?? "ERROR" };
  if (/^(?:BUILD|BUILDING|REBUILD|REBOOT|HARD_REBOOT|PENDING|PROVISIONING|CREATING|STARTING)$/.test(status)) {
    return { state: "starting", detail: status };
  }
  if (status !== "ACTIVE") return { state: "unknown", detail: `the status is ${status}` };
  if (/^(?:deleting|soft-deleting)$/.test(task)) return { state: "stopped", detail: `ACTIVE, ${task}` };
  const host =
    publicAddress(server) ??
    publicAddress(server, (await listedOf(calls, place.project, name, context))?.publicIp);
  if (host === undefined) return { state: "starting", detail: "ACTIVE, without a public address" };
  return { state: "running", machine: { reach: "ssh", host, port: settings.sshPort ?? 22, user: "ubuntu" } };
}

async function listedOf(
  calls: Calls,
  project: string,
  name: string,
  context: RunContext,
): Promise<ListedInstance | undefined> {
  return (await calls.instances(project, context)).find((instance) => instance.name === name);
}
