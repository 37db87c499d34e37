import { randomBytes, randomUUID } from "node:crypto";
import type * as emulator from "../../emulator/emulated-cloud.ts";
import { createBaseInstance, filterAlive, type LaunchTimes } from "../../emulator/lifecycle.ts";
import type { LambdaInstanceType, LambdaRegion } from "../catalog.ts";
import type { CloudState, InstanceRecord, KeyRecord } from "./records.ts";

/** What the cloud offers, and its timing. */
export interface CloudSettings extends LaunchTimes {
  readonly regions: readonly LambdaRegion[];
  readonly instanceTypes: readonly LambdaInstanceType[];
  readonly imageFamilies: readonly string[];
  /** Maximum number of instances of the account. */
  readonly instanceQuota: number;
  /** Whether more than one launch within 12 seconds is refused. */
  readonly limitsLaunches: boolean;
}

/** The emulated Lambda cloud. */
export type EmulatedCloud = emulator.EmulatedCloud<CloudSettings, CloudState>;

export function createState(): CloudState {
  return { version: 1, instances: [], addresses: [], keys: [], lastLaunchAtMs: null };
}

/** Creates an instance with its address. Two instances may have the same name. */
export function createInstance(
  cloud: EmulatedCloud,
  wanted: {
    readonly name: string;
    readonly region: string;
    readonly type: LambdaInstanceType;
    readonly image?: string | null;
    readonly key?: KeyRecord | undefined;
    readonly isForeign?: boolean;
  },
): InstanceRecord {
  const { name, region, type, image = null, key, isForeign } = wanted;
  const ip = cloud.newPublicIp();
  const base = createBaseInstance(cloud, {
    name,
    region,
    centsPerHour: type.priceCentsPerHour,
    key,
    isForeign,
  });
  const number = cloud.state.instances.length;
  const instance: InstanceRecord = {
    ...base,
    id: randomBytes(16).toString("hex"),
    instanceType: type.name,
    ip,
    privateIp: `10.19.${Math.floor(number / 250) % 250}.${2 + (number % 250)}`,
    hostname: ip.replaceAll(".", "-"),
    image,
    preemptedAtMs: null,
    staysListed: false,
  };
  cloud.state.instances.push(instance);
  cloud.state.addresses.push({
    id: randomUUID(),
    ip,
    isForeign: instance.isForeign,
    instanceId: instance.id,
    goneAtMs: null,
  });
  return instance;
}

export function createKey(
  cloud: EmulatedCloud,
  name: string,
  publicKey: string,
  isForeign = false,
): KeyRecord {
  const key: KeyRecord = {
    id: randomBytes(16).toString("hex"),
    name,
    publicKey,
    createdAtMs: cloud.clock.now(),
    isForeign,
    goneAtMs: null,
  };
  cloud.state.keys.push(key);
  return key;
}

/** Names similar to ours. A cleanup by prefix or substring would delete a colleague's resources. */
const similarNames = [
  "unitrain",
  "unitrain-",
  "unitrain-00000000-someone-1",
  "my-unitrain-00000000-run-1",
  "UNITRAIN-00000000-run-1",
  "cynthia-2",
];
const colleagueKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWx0IGJ5IGEgY29sbGVhZ3VlLCBub3QgYnkgdXMh cynthia";

/** Adds a colleague's instances and keys. One instance has no name at all. */
export function addColleagueResources(cloud: EmulatedCloud): void {
  const [type] = cloud.settings.instanceTypes;
  const [region] = cloud.settings.regions;
  if (type === undefined || region === undefined) return;
  for (const name of [...similarNames, ""]) {
    createInstance(cloud, { name, region: region.name, type, isForeign: true });
  }
  for (const name of similarNames) createKey(cloud, name, colleagueKey, true);
  cloud.saveChanges();
}

/** Returns the instances that exist and are ours. */
export function filterOurs(cloud: EmulatedCloud): InstanceRecord[] {
  return filterAlive(cloud, cloud.state.instances).filter(({ isForeign }) => !isForeign);
}
