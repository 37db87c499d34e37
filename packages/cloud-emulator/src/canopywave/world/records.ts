import type { BootTimes } from "../../machines/machine-world.ts";

/** All that exists in the emulated cloud, gone things too. Times are milliseconds since 1970. */
export interface CloudState {
  readonly version: 1;
  readonly instances: InstanceRecord[];
  readonly addresses: AddressRecord[];
  readonly keys: KeyRecord[];
  readonly storage: StorageRecord[];
}

export interface InstanceRecord {
  readonly id: string;
  name: string;
  readonly project: string;
  readonly region: string;
  /** The identifier `launch` was given. */
  readonly flavor: string;
  readonly image: string;
  readonly keyName: string | null;
  /** Let in by the image's first boot; kept, because the key may be deleted while the machine lives. */
  readonly publicKey: string | null;
  readonly fixedIp: string;
  readonly portId: string;
  readonly launchedAtMs: number;
  readonly centsPerHour: number;
  readonly upfrontHours: number;
  /** Somebody else's: seeded, never part of our bill. */
  readonly isForeign: boolean;
  /** Asked for by us. */
  restarts: number;
  readonly boot: BootTimes;
  newHostKeyAtMs: number | null;
  /** Its security group lets nothing in. */
  firewalled: boolean;
  /** ACTIVE from here on; `null`: it stays in BUILD. */
  activeAtMs: number | null;
  /** Not in any list before. */
  listedAtMs: number;
  /** 404 by id before, although it exists. */
  foundAtMs: number;
  errorAtMs: number | null;
  stoppedAtMs: number | null;
  stoppedAs: "SHUTOFF" | "PAUSED" | "SHELVED_OFFLOADED";
  terminateAskedAtMs: number | null;
  /** `null` while it lives or is being deleted without an end in sight. */
  goneAtMs: number | null;
  /** Deleted, unlisted and restorable from here on. */
  softDeletedAtMs: number | null;
  /** A machine of it runs, or its disk is still there: until then it is not gone. */
  machineLives: boolean;
  /** By id, once gone: 404, or a server that says DELETED. */
  goneAs: "not-found" | "deleted";
}

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
