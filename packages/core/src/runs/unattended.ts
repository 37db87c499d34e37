import { listLoneLeases } from "../lease/lone-leases.ts";
import { isKept, needsRelease } from "../recovery/guardian/guard-leases.ts";
import { needsGuard } from "../recovery/guardian/needs-guard.ts";
import type { FoundLease } from "../state/lease-list.ts";
import { getLeaseStage } from "../state/lease-state.ts";
import { type ListedRuns, listRuns } from "../state/run-list.ts";
import type { LeaseSummary } from "../state/run-summary.ts";

/** A run or a lease that may cost money, with the lock of the process that is responsible for it. */
export interface Unattended {
  readonly name: string;
  readonly lock: string;
  /** A machine that waits for the next run: nobody drives it, and a guardian that lives is enough. */
  readonly isKept: boolean;
}

/** Lists all runs and leases that need a controller or a guardian, whether they have one or not. */
export async function listUnattended(home: string, nowMs: number): Promise<readonly Unattended[]> {
  const listed = await listRuns(home);
  const lone = (await listLone(home, listed)).filter(needsRelease);
  return [
    ...listed.found
      .filter(needsGuard)
      .map(({ name, folder }) => ({ name, lock: folder.lock, isKept: false })),
    ...lone.map((lease) => ({ name: lease.id, lock: lease.folder.lock, isKept: isKept(lease, nowMs) })),
  ];
}

/** Lists the leases that belong to no run and may cost money, among them the kept machines. */
export async function listLeases(home: string): Promise<readonly LeaseSummary[]> {
  const lone = await listLone(home, await listRuns(home));
  return lone
    .filter(({ state, reading }) => state.unreleased.length > 0 || reading.problem !== undefined)
    .map(({ id, state, reading }) => ({
      id,
      stage: getLeaseStage(state),
      provider: state.provider?.name ?? "unknown",
      machine: state.quote?.machine ?? "unknown",
      ...(state.quote === undefined ? {} : { priceUsdPerHour: state.quote.priceUsdPerHour }),
      ...(state.keepUntil === undefined ? {} : { keepUntil: state.keepUntil }),
      unreleased: [...state.unreleased, ...reading.mentionedResources],
      ...(reading.problem === undefined ? {} : { problem: reading.problem }),
    }));
}

/** Lists the leases that belong to no run. It does not read the leases of runs that are over and released. */
async function listLone(home: string, { settled, found }: ListedRuns): Promise<readonly FoundLease[]> {
  const leases = settled.flatMap((run) => run.leases ?? []);
  const released = leases.filter(({ stage }) => stage === "released").map(({ id }) => id);
  return listLoneLeases(home, found, new Set(released));
}
