import type { EmulatedCloud } from "../cloud/cloud.ts";
import type { InstanceRecord } from "../cloud/records.ts";
import { getStatusAt } from "../cloud/status.ts";
import { formatInstanceType, formatRegion } from "./catalog-calls.ts";

/** Formats an instance. `ip` is missing until it is active (observed); an instance without a name has none. */
export function formatInstance(cloud: EmulatedCloud, instance: InstanceRecord): Record<string, unknown> {
  const status = getStatusAt(instance, cloud.clock.now());
  const type = cloud.settings.instanceTypes.find(({ name }) => name === instance.instanceType);
  const isReady = status !== "booting";
  const canTerminate = status !== "terminating" && status !== "terminated";
  const action = canTerminate
    ? { available: true }
    : { available: false, reason_code: "vm-is-terminating", reason_description: "VM is being terminated." };
  return {
    id: instance.id,
    ...(instance.name === "" ? {} : { name: instance.name }),
    ...(isReady ? { ip: instance.ip, private_ip: instance.privateIp, hostname: instance.hostname } : {}),
    status,
    ssh_key_names: instance.keyName === null ? [] : [instance.keyName],
    file_system_names: [],
    region: formatRegion(cloud, instance.region),
    instance_type: type === undefined ? { name: instance.instanceType } : formatInstanceType(type),
    ...(isReady
      ? {
          jupyter_token: "03b7d30d9d3e4d8fa41657bc0d478c1b",
          jupyter_url:
            "https://jupyter-249e1ccff1894822af39ac822637f881.lambdaspaces.com/?token=03b7d30d9d3e4d8fa41657bc0d478c1b",
        }
      : {}),
    actions: { migrate: action, rebuild: action, restart: action, cold_reboot: action, terminate: action },
    tags: [],
    firewall_rulesets: [],
  };
}
