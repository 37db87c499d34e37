import { type FoundLease, listLeaseIds, readLease } from "../../state/lease-list.ts";
import { findHolder } from "../../state/lease-state.ts";
import { findCurrentLease } from "../../state/run-leases.ts";
import type { FoundRun } from "../../state/run-list.ts";
import { mustNotBeActedOn } from "../../state/unreadable.ts";

/**
 * Leases that no run answers for: kept ones, those of an attempt that was followed by another one, and those whose run never
 * began or was removed. A lease that a run holds whose records cannot be read is not among them: nobody knows what it does there.
 * Those in `released` are not read: nothing of them is left.
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
