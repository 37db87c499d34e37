import { randomUUID } from "node:crypto";
import type * as emulator from "../../emulator/emulated-cloud.ts";
import {
  createBaseInstance,
  filterAlive,
  type LaunchTimes,
  startTermination,
} from "../../emulator/lifecycle.ts";
import type { Flavor } from "../catalog.ts";
import type { AddressRecord, CloudState, InstanceRecord, KeyRecord } from "./records.ts";

/** What the cloud offers, and its timing. */
export interface CloudSettings extends LaunchTimes {
  readonly projects: readonly string[];
  readonly regions: readonly string[];
  readonly images: readonly string[];
  readonly flavors: readonly Flavor[];
  readonly balanceUsd: number;
  readonly addressCentsPerHour: number;
  readonly storageCentsPerGbHour: number;
  /** Maximum number of addresses of a project in a region. */
  readonly addressQuota: number;
}

/** The emulated CanopyWave cloud. */
export type EmulatedCloud = emulator.EmulatedCloud<CloudSettings, CloudState>;

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
  const { name, flavor, image, key, isForeign } = wanted;
  const { priceCentsPerHour: centsPerHour, upfrontHours } = flavor;
  const base = { name, region: place.region, centsPerHour, upfrontHours, key, isForeign };
  const number = cloud.state.instances.length;
  const instance: InstanceRecord = {
    ...createBaseInstance(cloud, base),
    project: place.project,
    flavor: flavor.flavor,
    image,
    fixedIp: `172.16.${Math.floor(number / 250) % 250}.${2 + (number % 250)}`,
    portId: randomUUID(),
    stoppedAs: "SHUTOFF",
    softDeletedAtMs: null,
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
  if (!startTermination(cloud, instance)) return;
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

export function isIn(
  record: Place,
  place: { readonly project: string; readonly region?: string | undefined },
) {
  return record.project === place.project && (place.region === undefined || record.region === place.region);
}
