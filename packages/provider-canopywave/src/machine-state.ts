import type { Server } from "./api/answers.ts";

/** The meaning of an instance's status, without its address. */
export type StatusMeaning =
  | { readonly state: "gone"; readonly evidence: string }
  | {
      readonly state: "starting" | "stopped" | "preempted" | "failed" | "unknown";
      readonly detail: string;
    }
  | { readonly state: "active" };

const stopped = /^(?:SHUTOFF|STOPPED|PAUSED|SUSPENDED|SHELVED|SHELVED_OFFLOADED|SOFT[_-]DELETED)$/;
const starting = /^(?:BUILD|BUILDING|REBUILD|REBOOT|HARD_REBOOT|PENDING|PROVISIONING|CREATING|STARTING)$/;

/** Interprets the status of OpenStack, in upper or lower case. Only DELETED is an end; a stopped instance may still cost money. */
export function interpretStatus(server: Server, id: string): StatusMeaning {
  const status = server.status.toUpperCase();
  const task = server["OS-EXT-STS:task_state"]?.toLowerCase() ?? "";
  if (status === "DELETED" || status === "TERMINATED") {
    return { state: "gone", evidence: `GET /instances/${id} says ${status}` };
  }
  if (status.includes("PREEMPT")) return { state: "preempted", detail: status };
  if (stopped.test(status)) return { state: "stopped", detail: status };
  if (status === "ERROR") return { state: "failed", detail: server.fault?.message?.slice(0, 300) ?? status };
  if (starting.test(status)) return { state: "starting", detail: status };
  if (status !== "ACTIVE") return { state: "unknown", detail: `the status is ${status}` };
  if (/^(?:soft-)?deleting$/.test(task)) return { state: "stopped", detail: `ACTIVE, ${task}` };
  return { state: "active" };
}
