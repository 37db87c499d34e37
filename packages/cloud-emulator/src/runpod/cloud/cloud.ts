import { randomBytes, randomInt } from "node:crypto";
import type { PaidItem } from "../../bill/bill.ts";
import type * as emulator from "../../emulator/emulated-cloud.ts";
import { createBaseInstance, getPhaseAt, hasHappened, type LaunchTimes } from "../../emulator/lifecycle.ts";
import type { BaseInstance, BaseKey } from "../../emulator/records.ts";
import type { MachineAddress } from "../../machines/machine-source.ts";
import type { PodCpu, PodGpu } from "../catalog.ts";

/** What the cloud offers, and its timing. */
export interface CloudSettings extends LaunchTimes {
  readonly gpus: readonly PodGpu[];
  readonly cpus: readonly PodCpu[];
  readonly balanceUsd: number;
  readonly accountId: string;
  /** Price of a container's disk while the pod runs. */
  readonly diskCentsPerGbHour: number;
  /** The user of logins, which the API tells. */
  readonly sshUser: string;
}

/** A pod in the state of the emulated cloud. Times are milliseconds since 1970. */
export interface PodRecord extends BaseInstance {
  readonly image: string;
  readonly cloud: "SECURE" | "COMMUNITY";
  readonly gpu: { readonly id: string; readonly count: number } | undefined;
  readonly cpu: { readonly id: string; readonly vcpuCount: number } | undefined;
  readonly diskGb: number;
  readonly volumeGb: number;
  readonly interruptible: boolean;
  /** Time at which the cloud itself terminates it. */
  readonly terminateAfterMs: number | null;
  readonly publicPort: number;
  /** Time between RUNNING and the mapping of its SSH port; `null` if it is never mapped. */
  mappedAfterMs: number | null;
  /** Time at which its host vanishes. The cloud goes on saying RUNNING. */
  hostLostAtMs: number | null;
  /** A status that no documentation names. */
  oddStatus: string | null;
  /** Reply to a lookup by id once it is gone: 404, or a pod with the status TERMINATED. */
  goneAs: "not-found" | "terminated";
  sevenBits?: boolean;
}

export interface CloudState {
  readonly version: 1;
  readonly instances: PodRecord[];
  readonly addresses: PodAddress[];
  /** Pods have no separate keys. */
  readonly keys: BaseKey[];
}

interface PodAddress extends MachineAddress {
  goneAtMs: number | null;
}

/** The emulated RunPod cloud. */
export type EmulatedCloud = emulator.EmulatedCloud<CloudSettings, CloudState>;

/** The status of a pod as version 2 spells it. A pod that is being terminated keeps its status until it is gone. */
export type PodStatus = "PROVISIONING" | "RUNNING" | "EXITED" | "ERROR" | "TERMINATED";

export type WantedPod = Pick<PodRecord, "name" | "image" | "cloud" | "gpu" | "cpu" | "diskGb" | "volumeGb"> &
  Pick<PodRecord, "interruptible" | "terminateAfterMs" | "region" | "centsPerHour"> & {
    readonly publicKey?: string | undefined;
    readonly isForeign?: boolean;
  };

/** Creates a pod and its address, whose SSH port has another number than inside. */
export function createPod(cloud: EmulatedCloud, wanted: WantedPod): PodRecord {
  const { publicKey, isForeign = false, ...rest } = wanted;
  const key = publicKey === undefined ? undefined : { name: "", publicKey };
  const base = createBaseInstance(cloud, { ...wanted, key, isForeign });
  const pod: PodRecord = {
    ...base,
    ...rest,
    isForeign,
    id: randomBytes(7).toString("hex"),
    goneAtMs: wanted.terminateAfterMs,
    publicPort: randomInt(20_000, 60_000),
    mappedAfterMs: 0,
    hostLostAtMs: null,
    oddStatus: null,
    goneAs: "not-found",
  };
  cloud.state.instances.push(pod);
  cloud.state.addresses.push({
    id: `${pod.id}-address`,
    ip: cloud.newPublicIp(),
    port: pod.publicPort,
    isForeign,
    instanceId: pod.id,
    goneAtMs: pod.goneAtMs,
  });
  return pod;
}

export function getStatusAt(pod: PodRecord, nowMs: number): PodStatus {
  const names = {
    booting: "PROVISIONING",
    active: "RUNNING",
    stopped: "EXITED",
    error: "ERROR",
    gone: "TERMINATED",
  } as const;
  return names[getPhaseAt(pod, nowMs)];
}

/** Returns the public address of its SSH server, as soon as the port is mapped. */
export function findDirectAddress(
  { state, clock }: EmulatedCloud,
  pod: PodRecord,
): { readonly host: string; readonly port: number } | undefined {
  const now = clock.now();
  const isMapped =
    getStatusAt(pod, now) === "RUNNING" &&
    pod.mappedAfterMs !== null &&
    hasHappened((pod.activeAtMs ?? 0) + pod.mappedAfterMs, now) &&
    !hasHappened(pod.hostLostAtMs, now);
  const address = state.addresses.find(({ instanceId }) => instanceId === pod.id);
  return isMapped && address !== undefined ? { host: address.ip, port: pod.publicPort } : undefined;
}

/** Lists what is charged: the GPU until the pod stops, its disk until it is gone. */
export function listPaidItems({ instances }: CloudState, diskCentsPerGbHour: number): readonly PaidItem[] {
  return instances.flatMap((pod): readonly PaidItem[] => {
    const { id, name, isForeign, launchedAtMs: fromMs, goneAtMs, stoppedAtMs } = pod;
    const ends = [goneAtMs, stoppedAtMs].filter((ms) => ms !== null);
    const endsAtMs = ends.length === 0 ? null : Math.min(...ends);
    const disk = { id: `${id}-disk`, name, isForeign, fromMs, goneAtMs };
    return [
      { kind: "instance", id, name, centsPerHour: pod.centsPerHour, isForeign, fromMs, goneAtMs: endsAtMs },
      { kind: "volume", ...disk, centsPerHour: (pod.diskGb + pod.volumeGb) * diskCentsPerGbHour },
    ];
  });
}

/** Names similar to ours. A cleanup by prefix or substring would delete a colleague's pods. */
const similarNames = [
  "unitrain",
  "unitrain-",
  "unitrain-box",
  "my-unitrain-00000000-run-1",
  "UNITRAIN-00000000-run-1",
];

export function addColleaguePod(cloud: EmulatedCloud, name: string): void {
  createPod(cloud, {
    name,
    image: "runpod/base:1.0.2-ubuntu2404",
    cloud: "SECURE",
    gpu: undefined,
    cpu: { id: "cpu3c", vcpuCount: 2 },
    diskGb: 20,
    volumeGb: 0,
    interruptible: false,
    terminateAfterMs: null,
    region: "US-KS-2",
    centsPerHour: 6,
    isForeign: true,
  });
}

export function addColleaguePods(cloud: EmulatedCloud): void {
  for (const name of similarNames) addColleaguePod(cloud, name);
  cloud.saveChanges();
}
