import type { InstanceRecord } from "./records.ts";

/** As Nova spells them; lists say the same in lower case. */
export type InstanceStatus = "BUILD" | "ACTIVE" | "ERROR" | "SOFT_DELETED" | "DELETED" | Stopped;

type Stopped = InstanceRecord["stoppedAs"];

/** What an instance is at a moment: derived, so that any clock can drive it. */
export function getStatusAt(instance: InstanceRecord, nowMs: number): InstanceStatus {
  if (!isAlive(instance, nowMs)) return "DELETED";
  if (hasHappened(instance.softDeletedAtMs, nowMs)) return "SOFT_DELETED";
  if (hasHappened(instance.errorAtMs, nowMs)) return "ERROR";
  if (hasHappened(instance.stoppedAtMs, nowMs)) return instance.stoppedAs;
  return hasHappened(instance.activeAtMs, nowMs) ? "ACTIVE" : "BUILD";
}

/** Whether somebody pays for it, and could go on paying. */
export function isAlive(
  record: { readonly goneAtMs: number | null; readonly machineLives?: boolean },
  nowMs: number,
): boolean {
  return record.machineLives === true || !hasHappened(record.goneAtMs, nowMs);
}

/** Whether `GET /instances` shows it. */
export function isListed(instance: InstanceRecord, nowMs: number): boolean {
  const status = getStatusAt(instance, nowMs);
  return status !== "DELETED" && status !== "SOFT_DELETED" && instance.listedAtMs <= nowMs;
}

/** It has a port from the moment it is ACTIVE: only then can an address be associated. */
export function hasPort(instance: InstanceRecord, nowMs: number): boolean {
  return hasHappened(instance.activeAtMs, nowMs) && isAlive(instance, nowMs);
}

function hasHappened(atMs: number | null, nowMs: number): boolean {
  return atMs !== null && atMs <= nowMs;
}
