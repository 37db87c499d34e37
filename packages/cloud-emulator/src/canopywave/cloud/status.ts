import type { InstanceRecord } from "./records.ts";

/** Statuses as Nova spells them; lists return them in lower case. */
export type InstanceStatus = "BUILD" | "ACTIVE" | "ERROR" | "SOFT_DELETED" | "DELETED" | Stopped;

type Stopped = InstanceRecord["stoppedAs"];

/** Returns the status of an instance at a time. It is derived from the record, so that any clock can drive it. */
export function getStatusAt(instance: InstanceRecord, nowMs: number): InstanceStatus {
  if (!isAlive(instance, nowMs)) return "DELETED";
  if (hasHappened(instance.softDeletedAtMs, nowMs)) return "SOFT_DELETED";
  if (hasHappened(instance.errorAtMs, nowMs)) return "ERROR";
  if (hasHappened(instance.stoppedAtMs, nowMs)) return instance.stoppedAs;
  return hasHappened(instance.activeAtMs, nowMs) ? "ACTIVE" : "BUILD";
}

/** Returns whether a resource exists and costs money. */
export function isAlive(
  record: { readonly goneAtMs: number | null; readonly machineLives?: boolean },
  nowMs: number,
): boolean {
  return record.machineLives === true || !hasHappened(record.goneAtMs, nowMs);
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

function hasHappened(atMs: number | null, nowMs: number): boolean {
  return atMs !== null && atMs <= nowMs;
}
