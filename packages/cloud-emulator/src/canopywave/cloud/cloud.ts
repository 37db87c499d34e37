import { randomUUID } from "node:crypto";
import type { EmulatorClock } from "../../clock.ts";
import type { BootTimes } from "../../machines/machine-source.ts";
import type { Flavor } from "../catalog.ts";
import type { AddressRecord, CloudState, InstanceRecord, KeyRecord } from "./records.ts";
import { isAlive } from "./status.ts";

/** What the cloud offers, and its timing. */
export interface CloudSettings {
  readonly projects: readonly string[];
  readonly regions: readonly string[];
  readonly images: readonly string[];
  readonly flavors: readonly Flavor[];
  readonly balanceUsd: number;
  readonly addressCentsPerHour: number;
  readonly storageCentsPerGbHour: number;
  /** Maximum number of addresses of a project in a region. */
  readonly addressQuota: number;
  /** Time from launch to ACTIVE. */
  readonly buildMs: number;
  readonly boot: Readonly<BootTimes>;
  /** Time from terminate to gone. */
  readonly terminateMs: number;
}

/** The emulated cloud: its settings, state and clock. */
export interface EmulatedCloud {
  readonly settings: CloudSettings;
  readonly state: CloudState;
  readonly clock: EmulatorClock;
  /** Stores a change of the state. The keeper of the machines picks it up. */
  saveChanges(): void;
  /** Returns a new public address, which is a loopback address of this computer. */
  newPublicIp(): string;
  /** Returns the URL of another host, which only records requests. */
  redirectUrl(): string;
}

/** Every resource belongs to a project and a region. */
export interface Place {
  readonly project: string;
  readonly region: string;
}

export function createInstance(
  cloud: EmulatedCloud,
  place: Place,
  wanted: {
    readonly name: string;
    readonly flavor: Flavor;
    readonly image: string;
    readonly key?: KeyRecord | undefined;
    readonly isForeign?: boolean;
  },
): InstanceRecord {
  const now = cloud.clock.now();
  const instance: InstanceRecord = {
    id: randomUUID(),
    name: wanted.name,
    ...place,
    flavor: wanted.flavor.flavor,
    image: wanted.image,
    keyName: wanted.key?.name ?? null,
    publicKey: wanted.key?.publicKey ?? null,
    fixedIp: `172.16.${Math.floor(cloud.state.instances.length / 250) % 250}.${2 + (cloud.state.instances.length % 250)}`,
    portId: randomUUID(),
    launchedAtMs: now,
    centsPerHour: wanted.flavor.priceCentsPerHour,
    upfrontHours: wanted.flavor.upfrontHours ?? 0,
    isForeign: wanted.isForeign ?? false,
    restarts: 0,
    boot: { ...cloud.settings.boot },
    newHostKeyAtMs: null,
    firewalled: false,
    activeAtMs: wanted.isForeign ? now : now + cloud.settings.buildMs,
    listedAtMs: now,
    foundAtMs: now,
    errorAtMs: null,
    stoppedAtMs: null,
    stoppedAs: "SHUTOFF",
    terminateAskedAtMs: null,
    goneAtMs: null,
    softDeletedAtMs: null,
    machineLives: false,
    goneAs: "not-found",
  };
  cloud.state.instances.push(instance);
  return instance;
}

/**
 * Starts the termination of an instance: its addresses are disassociated at once, and the instance is gone a little
 * later.
 */
export function terminateInstance(cloud: EmulatedCloud, instance: InstanceRecord): void {
  const now = cloud.clock.now();
  if (!isAlive(instance, now)) return;
  instance.terminateAskedAtMs ??= now;
  instance.goneAtMs ??= now + cloud.settings.terminateMs;
  for (const address of cloud.state.addresses) {
    if (address.instanceId === instance.id) address.instanceId = null;
  }
}

export function createAddress(cloud: EmulatedCloud, place: Place, isForeign = false): AddressRecord {
  const address: AddressRecord = {
    id: randomUUID(),
    ip: cloud.newPublicIp(),
    ...place,
    allocatedAtMs: cloud.clock.now(),
    centsPerHour: cloud.settings.addressCentsPerHour,
    isForeign,
    instanceId: null,
    goneAtMs: null,
  };
  cloud.state.addresses.push(address);
  return address;
}

/** Lists the existing addresses of a project and region. */
export function listAddresses(cloud: EmulatedCloud, place: Place): AddressRecord[] {
  return filterAlive(cloud, cloud.state.addresses).filter((address) => isIn(address, place));
}

export function filterAlive<Kind extends { readonly goneAtMs: number | null }>(
  cloud: EmulatedCloud,
  records: readonly Kind[],
): Kind[] {
  return records.filter((record) => isAlive(record, cloud.clock.now()));
}

export function isIn(
  record: Place,
  place: { readonly project: string; readonly region?: string | undefined },
) {
  return record.project === place.project && (place.region === undefined || record.region === place.region);
}
