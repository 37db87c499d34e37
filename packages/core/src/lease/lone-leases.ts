import { type FoundLease, listLeaseIds, readLease } from "../state/lease-list.ts";
import { findHolder } from "../state/lease-state.ts";
import { findCurrentLease } from "../state/run-leases.ts";
import type { FoundRun } from "../state/run-list.ts";
import { mustNotBeActedOn } from "../state/unreadable.ts";

/**
 * Lists the leases that no run is responsible for: kept machines, leases of earlier attempts, and leases whose run never started
 * or was removed. A lease held by an unreadable run is not included, because it may be in use. Leases in `released` are not read,
 * because all their resources are gone.
 */
export async function listLoneLeases(
  home: string,
  runs: readonly FoundRun[],
  released: ReadonlySet<string> = new Set(),
): Promise<readonly FoundLease[]> {
  const leasesById = new Map(runs.flatMap((run) => run.leases.map((lease) => [lease.id, lease])));
  const ids = (await listLeaseIds(home)).filter((id) => !released.has(id));
  const leases = await Promise.all(ids.map((id) => leasesById.get(id) ?? readLease(home, id)));
  const answeredFor = new Set(runs.flatMap((run) => listAnsweredFor(run)));
  const unreadable = new Set(
    runs.filter(({ reading }) => mustNotBeActedOn(reading.problem)).map(({ id }) => id),
  );
  return leases.filter(
    (lease) =>
      lease !== undefined &&
      !answeredFor.has(lease.id) &&
      !unreadable.has(findHolder(lease.state)?.runId ?? ""),
  ) as readonly FoundLease[];
}

function listAnsweredFor(run: FoundRun): readonly string[] {
  if (!mustNotBeActedOn(run.reading.problem)) return [findCurrentLease(run)?.id ?? ""];
  return run.leases.filter(({ state }) => state.keepUntil === undefined).map(({ id }) => id);
}
