import { getPhaseAt, hasHappened, isAlive } from "../../emulator/lifecycle.ts";
import type { InstanceRecord } from "./records.ts";

/** Statuses as Nova spells them; lists return them in lower case. */
export type InstanceStatus = "BUILD" | "ACTIVE" | "ERROR" | "SOFT_DELETED" | "DELETED" | Stopped;

type Stopped = InstanceRecord["stoppedAs"];

/** Returns the status of an instance at a time. */
export function getStatusAt(instance: InstanceRecord, nowMs: number): InstanceStatus {
  const phase = getPhaseAt(instance, nowMs);
  if (phase !== "gone" && hasHappened(instance.softDeletedAtMs, nowMs)) return "SOFT_DELETED";
  const names = {
    booting: "BUILD",
    active: "ACTIVE",
    stopped: instance.stoppedAs,
    error: "ERROR",
    gone: "DELETED",
  } as const;
  return names[phase];
}

/** Returns whether `GET /instances` includes it. */
export function isListed(instance: InstanceRecord, nowMs: number): boolean {
  const status = getStatusAt(instance, nowMs);
  return status !== "DELETED" && status !== "SOFT_DELETED" && instance.listedAtMs <= nowMs;
}

/**
 * Returns whether the instance has a network port, which an address needs. It has one from the time when it is ACTIVE.
 */
export function hasPort(instance: InstanceRecord, nowMs: number): boolean {
  return hasHappened(instance.activeAtMs, nowMs) && isAlive(instance, nowMs);
}
