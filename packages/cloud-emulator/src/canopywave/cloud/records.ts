import type { BaseInstance, BaseKey } from "../../emulator/records.ts";

/** The state of the emulated cloud, including deleted resources. Times are milliseconds since 1970. */
export interface CloudState {
  readonly version: 1;
  readonly instances: InstanceRecord[];
  readonly addresses: AddressRecord[];
  readonly keys: KeyRecord[];
  readonly storage: StorageRecord[];
}

/** An instance in the state of the emulated cloud. Times are milliseconds since 1970. */
export interface InstanceRecord extends BaseInstance {
  readonly project: string;
  /** The flavor passed to `launch`. */
  readonly flavor: string;
  readonly image: string;
  readonly fixedIp: string;
  readonly portId: string;
  stoppedAs: "SHUTOFF" | "PAUSED" | "SHELVED_OFFLOADED";
  /** Time from which it is soft-deleted: unlisted, but restorable. */
  softDeletedAtMs: number | null;
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
export interface KeyRecord extends BaseKey {
  readonly project: string;
  readonly region: string;
  readonly fingerprint: string;
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
