import type { Machine, MachineState } from "@unitrain/core/spec";
import type { Pod } from "./api/answers.ts";

const sshPort = 22;

/** Interprets a pod. Only TERMINATED is an end: a stopped pod may go on costing money. */
export function interpretPod(pod: Pod, options: { readonly interruptible: boolean }): MachineState {
  const status = pod.status.toUpperCase();
  switch (status) {
    case "PROVISIONING":
    case "STARTING":
      return { state: "starting", detail: status };
    case "RUNNING": {
      const machine = findMachine(pod);
      if (machine !== undefined) return { state: "running", machine };
      return { state: "starting", detail: "RUNNING, its SSH port has no public address yet" };
    }
    case "EXITED":
      // Nobody stops a pod of ours. RunPod stops a spot pod that somebody else has outbid.
      if (options.interruptible)
        return { state: "preempted", detail: `${status}: RunPod has taken the spot pod` };
      return { state: "stopped", detail: status };
    case "ERROR":
      return { state: "failed", detail: "ERROR: the container cannot run" };
    case "TERMINATED":
      return { state: "gone", evidence: `GET /v2/pods/${pod.id} says TERMINATED` };
    default:
      return { state: "unknown", detail: `the status is ${status}` };
  }
}

/** Finds the direct address. The proxy of RunPod is never used: it carries neither files nor every byte. */
function findMachine(pod: Pod): Machine | undefined {
  const direct = pod.ssh?.direct;
  if (direct) return createMachine(direct.host, direct.port, direct.username);
  const mapped = pod.runtime?.ports?.find(({ private: port, type }) => port === sshPort && type === "tcp");
  return mapped?.ip && mapped.public ? createMachine(mapped.ip, mapped.public) : undefined;
}

function createMachine(host: string, port: number, user?: string | null): Machine {
  const safeUser = user && /^[a-z_][\w-]{0,31}$/i.test(user) ? user : "root";
  return { connectionKind: "ssh", host, port, user: safeUser, trust: "lease" };
}
