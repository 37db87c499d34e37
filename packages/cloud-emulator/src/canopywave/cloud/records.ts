import type { BootTimes } from "../../machines/machine-source.ts";

/** The state of the emulated cloud, including deleted resources. Times are milliseconds since 1970. */
export interface CloudState {
  readonly version: 1;
  readonly instances: InstanceRecord[];
  readonly addresses: AddressRecord[];
  readonly keys: KeyRecord[];
  readonly storage: StorageRecord[];
}

/** An instance in the state of the emulated cloud. Times are milliseconds since 1970. */
export interface InstanceRecord {
  readonly id: string;
  name: string;
  readonly project: string;
  readonly region: string;
  /** The flavor passed to `launch`. */
  readonly flavor: string;
  readonly image: string;
  readonly keyName: string | null;
  /** Authorized at first boot. Copied, because the key may be deleted while the machine runs. */
  readonly publicKey: string | null;
  readonly fixedIp: string;
  readonly portId: string;
  readonly launchedAtMs: number;
  readonly centsPerHour: number;
  readonly upfrontHours: number;
  /** Belongs to a colleague; not part of our bill. */
  readonly isForeign: boolean;
  /** Number of restarts through the API. */
  restarts: number;
  readonly boot: BootTimes;
  newHostKeyAtMs: number | null;
  /** Its security group blocks all incoming connections. */
  firewalled: boolean;
  /** Time when it becomes ACTIVE; `null` if it stays in BUILD. */
  activeAtMs: number | null;
  /** Time from which lists include it. */
  listedAtMs: number;
  /** Time until which a lookup by id returns 404, although it exists. */
  foundAtMs: number;
  errorAtMs: number | null;
  stoppedAtMs: number | null;
  stoppedAs: "SHUTOFF" | "PAUSED" | "SHELVED_OFFLOADED";
  terminateAskedAtMs: number | null;
  /** Time when it is gone; `null` while it exists, or when its deletion never completes. */
  goneAtMs: number | null;
  /** Time from which it is soft-deleted: unlisted, but restorable. */
  softDeletedAtMs: number | null;
  /** Its machine runs or its disk exists. Until both are gone, the instance exists. */
  machineLives: boolean;
  /** Reply to a lookup by id once it is gone: 404, or a server with status DELETED. */
  goneAs: "not-found" | "deleted";
}

/** A public address in the state of the emulated cloud. Times are milliseconds since 1970. */
export interface AddressRecord {
  readonly id: string;
  ip: string;
  readonly project: string;
  readonly region: string;
  readonly allocatedAtMs: number;
  readonly centsPerHour: number;
  readonly isForeign: boolean;
  instanceId: string | null;
  goneAtMs: number | null;
}

/** An SSH key in the state of the emulated cloud. */
export interface KeyRecord {
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly createdAtMs: number;
  readonly isForeign: boolean;
  goneAtMs: number | null;
}

export interface StorageRecord {
  readonly kind: "volume" | "file-system";
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly sizeGb: number;
  readonly type: string | null;
  readonly createdAtMs: number;
  readonly centsPerHour: number;
  goneAtMs: number | null;
}
