import { isIPv4 } from "node:net";
import type { MachineState } from "@unitrain/core/spec";
import type { Instance } from "./api/answers.ts";
import type { Settings } from "./options.ts";

/** Interprets the status of an instance. Only `terminated` is an end; everything else may still cost money. */
export function interpretInstance(
  { id, ip, status }: Instance,
  { sshPort = 22, sshUser = "ubuntu" }: Pick<Settings, "sshPort" | "sshUser">,
): MachineState {
  switch (status.toLowerCase()) {
    case "booting":
      return { state: "starting", detail: status };
    case "active":
      return ip && isIPv4(ip)
        ? {
            state: "running",
            machine: { connectionKind: "ssh", host: ip, port: sshPort, user: sshUser, trust: "lease" },
          }
        : { state: "starting", detail: "active, without a public address" };
    case "unhealthy":
      return { state: "failed", detail: status };
    case "preempted":
      return { state: "preempted", detail: status };
    case "terminating":
      return { state: "stopped", detail: status };
    case "terminated":
      return { state: "gone", evidence: `GET /instances/${id} says terminated` };
    default:
      return { state: "unknown", detail: `the status is ${status}` };
  }
}
