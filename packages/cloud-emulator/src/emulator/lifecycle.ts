import { randomUUID } from "node:crypto";
import type { EmulatorClock } from "../clock.ts";
import type { BootTimes } from "../machines/machine-source.ts";
import type { BaseInstance } from "./records.ts";

/** The phases of an instance that every cloud has, each under a name of its own. */
export type InstancePhase = "booting" | "active" | "stopped" | "error" | "gone";

/** Returns the phase of an instance at a time. It is derived from the record, so that any clock can drive it. */
export function getPhaseAt(instance: BaseInstance, nowMs: number): InstancePhase {
  if (!isAlive(instance, nowMs)) return "gone";
  if (hasHappened(instance.errorAtMs, nowMs)) return "error";
  if (hasHappened(instance.stoppedAtMs, nowMs)) return "stopped";
  return hasHappened(instance.activeAtMs, nowMs) ? "active" : "booting";
}

/** Returns whether the instance's machine should run. */
export function isUp(instance: BaseInstance, nowMs: number): boolean {
  const phase = getPhaseAt(instance, nowMs);
  return phase === "booting" || phase === "active";
}

/** Returns whether a resource exists and costs money. */
export function isAlive(
  record: { readonly goneAtMs: number | null; readonly machineLives?: boolean },
  nowMs: number,
): boolean {
  return record.machineLives === true || !hasHappened(record.goneAtMs, nowMs);
}

/** Returns the records of resources that exist. */
export function filterAlive<Kind extends { readonly goneAtMs: number | null }>(
  { clock }: { readonly clock: EmulatorClock },
  records: readonly Kind[],
): Kind[] {
  return records.filter((record) => isAlive(record, clock.now()));
}

export function hasHappened(atMs: number | null, nowMs: number): boolean {
  return atMs !== null && atMs <= nowMs;
}

/** What the record of a new instance is created from. */
export interface WantedInstance {
  readonly name: string;
  readonly region: string;
  readonly centsPerHour: number;
  readonly upfrontHours?: number | undefined;
  readonly key?: { readonly name: string; readonly publicKey: string } | undefined;
  readonly isForeign?: boolean | undefined;
}

/** Creates the record of an instance that was launched now. A colleague's instance is ready at once. */
export function createBaseInstance(
  { clock, settings }: { readonly clock: EmulatorClock; readonly settings: LaunchTimes },
  wanted: WantedInstance,
): BaseInstance {
  const now = clock.now();
  return {
    id: randomUUID(),
    name: wanted.name,
    region: wanted.region,
    keyName: wanted.key?.name ?? null,
    publicKey: wanted.key?.publicKey ?? null,
    launchedAtMs: now,
    centsPerHour: wanted.centsPerHour,
    upfrontHours: wanted.upfrontHours ?? 0,
    isForeign: wanted.isForeign ?? false,
    restarts: 0,
    boot: { ...settings.boot },
    newHostKeyAtMs: null,
    firewalled: false,
    activeAtMs: wanted.isForeign ? now : now + settings.buildMs,
    listedAtMs: now,
    foundAtMs: now,
    errorAtMs: null,
    stoppedAtMs: null,
    terminateAskedAtMs: null,
    goneAtMs: null,
    machineLives: false,
  };
}

/** The durations between a request and its effect, in milliseconds. */
export interface LaunchTimes {
  /** Time from launch until the instance is ready. */
  readonly buildMs: number;
  readonly boot: Readonly<BootTimes>;
  /** Time from terminate to gone. */
  readonly terminateMs: number;
}

/** Starts the termination of an instance, which is gone a little later. Returns whether it existed. */
export function startTermination(
  { clock, settings }: { readonly clock: EmulatorClock; readonly settings: LaunchTimes },
  instance: BaseInstance,
): boolean {
  const now = clock.now();
  if (!isAlive(instance, now)) return false;
  instance.terminateAskedAtMs ??= now;
  instance.goneAtMs ??= now + settings.terminateMs;
  return true;
}
