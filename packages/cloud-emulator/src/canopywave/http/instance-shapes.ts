import { filterAlive } from "../../emulator/lifecycle.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import type { AddressRecord, InstanceRecord } from "../cloud/records.ts";
import { getStatusAt, hasPort } from "../cloud/status.ts";

/** Formats a row of `GET /instances`, with the status in lower case. */
export function formatListedInstance(
  cloud: EmulatedCloud,
  instance: InstanceRecord,
): Record<string, unknown> {
  const flavor = cloud.settings.flavors.find((candidate) => candidate.flavor === instance.flavor);
  return {
    flavor: flavor?.name ?? instance.flavor,
    id: instance.id,
    launchedAt: formatLaunchTime(cloud, instance),
    name: instance.name,
    paymentMode: null,
    publicIp: findAddressOfInstance(cloud, instance)?.ip ?? null,
    region: instance.region,
    role: "worker",
    status: getStatusAt(instance, cloud.clock.now()).toLowerCase(),
  };
}

/** Formats `GET /instances/<id>`: a raw Nova server, with the status in upper case. */
export function formatNovaServer(cloud: EmulatedCloud, instance: InstanceRecord): Record<string, unknown> {
  const now = cloud.clock.now();
  const status = getStatusAt(instance, now);
  return {
    id: instance.id,
    name: instance.name,
    status,
    "OS-EXT-STS:task_state": getTaskState(instance, status),
    "OS-EXT-STS:vm_state": status === "BUILD" ? "building" : status.toLowerCase(),
    "OS-EXT-STS:power_state": status === "ACTIVE" ? 1 : 0,
    addresses: formatAddresses(cloud, instance),
    accessIPv4: "",
    accessIPv6: "",
    key_name: instance.keyName,
    created: `${new Date(instance.launchedAtMs).toISOString().slice(0, 19)}Z`,
    updated: `${new Date(now).toISOString().slice(0, 19)}Z`,
    "OS-SRV-USG:launched_at": formatLaunchTime(cloud, instance),
    "OS-SRV-USG:terminated_at": null,
    "OS-EXT-AZ:availability_zone": instance.region,
    "OS-DCF:diskConfig": "MANUAL",
    config_drive: "True",
    progress: 0,
    metadata: {},
    image: "",
    flavor: { original_name: instance.flavor },
    "os-extended-volumes:volumes_attached": [],
    security_groups: hasPort(instance, now) ? formatSecurityGroups(instance) : [],
    ...(status === "ERROR"
      ? { fault: { code: 500, message: "No valid host was found. There are not enough hosts available." } }
      : {}),
  };
}

/** Finds the address that is associated with an instance. */
function findAddressOfInstance(cloud: EmulatedCloud, instance: InstanceRecord): AddressRecord | undefined {
  return filterAlive(cloud, cloud.state.addresses).find(({ instanceId }) => instanceId === instance.id);
}

/** Nova's group `default` blocks all incoming connections. */
function formatSecurityGroups({ firewalled }: InstanceRecord): { readonly name: string }[] {
  return firewalled ? [{ name: "default" }] : [{ name: "ssh" }, { name: "default" }];
}

function getTaskState(instance: InstanceRecord, status: string): string | null {
  if (instance.terminateAskedAtMs !== null && status !== "DELETED") return "deleting";
  return status === "BUILD" ? "spawning" : null;
}

/** Lists the private address first, as OpenStack does. */
function formatAddresses(cloud: EmulatedCloud, instance: InstanceRecord): Record<string, unknown> {
  if (!hasPort(instance, cloud.clock.now())) return {};
  const mac = "fa:16:3e:7c:1d:02";
  const entry = (addr: string, type: string) => ({
    addr,
    version: 4,
    "OS-EXT-IPS:type": type,
    "OS-EXT-IPS-MAC:mac_addr": mac,
  });
  const floating = findAddressOfInstance(cloud, instance);
  return {
    "project-network": [
      entry(instance.fixedIp, "fixed"),
      ...(floating === undefined ? [] : [entry(floating.ip, "floating")]),
    ],
  };
}

/** Formats the time without a zone and with microseconds, as the real cloud does. */
function formatLaunchTime(cloud: EmulatedCloud, instance: InstanceRecord): string | null {
  const { activeAtMs } = instance;
  if (activeAtMs === null || activeAtMs > cloud.clock.now()) return null;
  return `${new Date(activeAtMs).toISOString().slice(0, 23)}000`;
}
