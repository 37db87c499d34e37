import type { InstanceRecord } from "../cloud/records.ts";
import { launched, terminated } from "./dialect.ts";
import type { FaultKind } from "./kind.ts";

/** States of an instance that only OpenStack has. */
export const instanceFaults = {
  "instance-paused": createStoppedFault("PAUSED"),
  "instance-shelved": createStoppedFault("SHELVED_OFFLOADED"),
  "terminate-soft-deleted": terminated(
    "SOFT_DELETED and unlisted, gone only later (ms; 0: never)",
    60_000,
    (instance, { ms, cloud }) => {
      instance.softDeletedAtMs = cloud.clock.now();
      instance.goneAtMs = ms === 0 ? null : cloud.clock.now() + ms;
    },
  ),
  "terminate-shows-deleted": terminated(
    "once gone it answers by id with DELETED instead of 404",
    0,
    (instance) => {
      instance.goneAs = "deleted";
    },
  ),
} satisfies Record<string, FaultKind>;

function createStoppedFault(as: InstanceRecord["stoppedAs"]): FaultKind {
  return launched(
    `${as} (preempted, say) some time after the launch (ms); it is billed on`,
    1_000,
    (instance, { ms }) => {
      instance.stoppedAs = as;
      instance.stoppedAtMs = instance.launchedAtMs + ms;
    },
  );
}
