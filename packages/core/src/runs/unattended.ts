import { listLoneLeases } from "../lease/gc/lone-leases.ts";
import { needsRelease } from "../lease/guardian/guard-leases.ts";
import { needsGuard } from "../lease/guardian/needs-guard.ts";
import type { FoundLease } from "../state/lease-list.ts";
import { type ListedRuns, listRuns } from "../state/run-list.ts";

/** A run or a lease that may cost, and the lock of whoever looks after it. */
export interface Unattended {
  readonly name: string;
  readonly lock: string;
}

/** Everything that somebody must look after, whether somebody does or not. */
export async function listUnattended(home: string): Promise<readonly Unattended[]> {
  const listed = await listRuns(home);
  const lone = (await listLone(home, listed)).filter(needsRelease);
  return [
    ...listed.found.filter(needsGuard).map(({ name, folder }) => ({ name, lock: folder.lock })),
    ...lone.map(({ id, folder }) => ({ name: id, lock: folder.lock })),
  ];
}

/** The leases that no run answers for, without reading those of runs that are over and released. */
export async function listLone(home: string, { settled, found }: ListedRuns): Promise<readonly FoundLease[]> {
  const leases = settled.flatMap((run) => run.leases ?? []);
  const released = leases.filter(({ stage }) => stage === "released").map(({ id }) => id);
  return listLoneLeases(home, found, new Set(released));
}
