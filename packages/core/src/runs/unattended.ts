import { listLoneLeases } from "../lease/gc/lone-leases.ts";
import { needsRelease } from "../lease/guardian/guard-leases.ts";
import { needsGuard } from "../lease/guardian/needs-guard.ts";
import type { FoundLease } from "../state/lease-list.ts";
import { type ListedRuns, listRuns } from "../state/run-list.ts";

/** A run or a lease that may cost money, with the lock of the process that is responsible for it. */
export interface Unattended {
  readonly name: string;
  readonly lock: string;
}

/** Lists all runs and leases that need a controller or a guardian, whether they have one or not. */
export async function listUnattended(home: string): Promise<readonly Unattended[]> {
  const listed = await listRuns(home);
  const lone = (await listLone(home, listed)).filter(needsRelease);
  return [
    ...listed.found.filter(needsGuard).map(({ name, folder }) => ({ name, lock: folder.lock })),
    ...lone.map(({ id, folder }) => ({ name: id, lock: folder.lock })),
  ];
}

/** Lists the leases that belong to no run. It does not read the leases of runs that are over and released. */
export async function listLone(home: string, { settled, found }: ListedRuns): Promise<readonly FoundLease[]> {
  const leases = settled.flatMap((run) => run.leases ?? []);
  const released = leases.filter(({ stage }) => stage === "released").map(({ id }) => id);
  return listLoneLeases(home, found, new Set(released));
}
