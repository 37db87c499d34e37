import { filterAlive, startTermination } from "../../emulator/lifecycle.ts";
import type { Reply } from "../../http/reply.ts";
import { type EmulatedCloud, findDirectAddress, getStatusAt, type PodRecord } from "../cloud/cloud.ts";
import { createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";

export function listPods(cloud: EmulatedCloud): Reply {
  const now = cloud.clock.now();
  const listed = filterAlive(cloud, cloud.state.instances).filter(({ listedAtMs }) => listedAtMs <= now);
  return createSuccess({ pods: listed.map((pod) => describePod(cloud, pod)) });
}

export function getPod(cloud: EmulatedCloud, { id }: CallRequest): Reply {
  const now = cloud.clock.now();
  const pod = cloud.state.instances.find((candidate) => candidate.id === id);
  const isHidden = pod?.goneAs === "not-found" && getStatusAt(pod, now) === "TERMINATED";
  if (pod === undefined || isHidden || pod.foundAtMs > now) throw createRefusal(404, "pod not found");
  return createSuccess(describePod(cloud, pod));
}

export function terminatePod(cloud: EmulatedCloud, { id }: CallRequest): Reply {
  const pod = findPod(cloud, id);
  startTermination(cloud, pod);
  // A deadline of its own must not keep a pod that is terminated earlier.
  pod.goneAtMs = Math.min(
    pod.goneAtMs ?? Number.POSITIVE_INFINITY,
    cloud.clock.now() + cloud.settings.terminateMs,
  );
  return { kind: "text", status: 204, body: "" };
}

export function changePod(cloud: EmulatedCloud, request: CallRequest): Reply {
  const { action } = request.body;
  if (action === "terminate") return terminatePod(cloud, request);
  const pod = findPod(cloud, request.id);
  const status = getStatusAt(pod, cloud.clock.now());
  if (action === "stop" && (status === "RUNNING" || status === "PROVISIONING"))
    pod.stoppedAtMs = cloud.clock.now();
  else if (action === "start" && status === "EXITED") pod.stoppedAtMs = null;
  else if (action === "restart" && status === "RUNNING") pod.restarts += 1;
  else throw createRefusal(409, `Action ${String(action)} is not valid for a pod that is ${status}`);
  return createSuccess(describePod(cloud, pod));
}

function findPod({ state, clock }: EmulatedCloud, id: string): PodRecord {
  const pod = state.instances.find((candidate) => candidate.id === id);
  if (pod === undefined || getStatusAt(pod, clock.now()) === "TERMINATED" || pod.foundAtMs > clock.now())
    throw createRefusal(404, "pod not found");
  return pod;
}

/** Describes a pod as version 2 does. */
export function describePod(cloud: EmulatedCloud, pod: PodRecord) {
  const now = cloud.clock.now();
  const status = getStatusAt(pod, now);
  const direct = findDirectAddress(cloud, pod);
  const username = cloud.settings.sshUser;
  return {
    id: pod.id,
    name: pod.name,
    status: pod.oddStatus ?? status,
    actions: [],
    image: pod.image,
    args: "",
    disk: pod.diskGb,
    mounts: pod.volumeGb > 0 ? { persistent: { size: pod.volumeGb, path: "/workspace" } } : {},
    ports: ["22/tcp"],
    env: {},
    registry: null,
    ...(pod.gpu === undefined ? {} : { gpu: pod.gpu }),
    ...(pod.cpu === undefined ? {} : { cpu: pod.cpu }),
    cloud: pod.cloud,
    dataCenterId: pod.region,
    cudaVersion: null,
    ssh: {
      proxy: { host: "ssh.runpod.io", port: 22, username: `${pod.id}-64411eb2`, command: "" },
      direct: direct === undefined ? null : { ...direct, username, command: "" },
    },
    template: null,
    cost: status === "EXITED" || status === "TERMINATED" ? 0 : pod.centsPerHour / 100,
    locked: false,
    globalNetworking: { enabled: false },
    runtime:
      direct === undefined
        ? null
        : { uptime: 1, ports: [{ private: 22, public: direct.port, type: "tcp", ip: direct.host }] },
    createdAt: new Date(pod.launchedAtMs).toISOString(),
    startedAt: pod.activeAtMs === null ? null : new Date(pod.activeAtMs).toISOString(),
  };
}
