import { getPhaseAt, hasHappened } from "../../emulator/lifecycle.ts";
import type { InstanceRecord } from "./records.ts";

/** Every status of the published specification. */
export type InstanceStatus = "booting" | "active" | "unhealthy" | "terminated" | "terminating" | "preempted";

/** Returns the status of an instance at a time. An instance that shut itself down is `unhealthy`: there is no stopped state. */
export function getStatusAt(instance: InstanceRecord, nowMs: number): InstanceStatus {
  const phase = getPhaseAt(instance, nowMs);
  if (phase === "gone") return "terminated";
  if (hasHappened(instance.terminateAskedAtMs, nowMs)) return "terminating";
  if (hasHappened(instance.preemptedAtMs, nowMs)) return "preempted";
  return phase === "stopped" || phase === "error" ? "unhealthy" : phase;
}

/** Returns whether `GET /instances` includes it. */
export function isListed(instance: InstanceRecord, nowMs: number): boolean {
  return (
    instance.listedAtMs <= nowMs && (instance.staysListed || getStatusAt(instance, nowMs) !== "terminated")
  );
}
