import type { GcReport } from "../../api/gc-report.ts";
import { findCurrentLease } from "../../state/run-leases.ts";
import { listRunFolders } from "../../state/run-list.ts";
import { mustNotBeActedOn } from "../../state/unreadable.ts";
import { collectLoneLeases, type LoneLeaseOptions } from "./collect-lone-leases.ts";
import { type CollectRunOptions, collectRun, reportUnreadable } from "./collect-run.ts";

export interface CollectOptions extends CollectRunOptions, LoneLeaseOptions {}

/**
 * Releases the resources of runs that have no live controller. It uses only the ids and names in each run's ledger. All runs are
 * released in parallel, so that one that hangs does not delay the others.
 */
export async function collect(options: CollectOptions): Promise<GcReport> {
  const found = await listRunFolders(options.home);
  const paid = found.filter(
    (run) =>
      (findCurrentLease(run)?.state.unreleased.length ?? 0) > 0 && !mustNotBeActedOn(run.reading.problem),
  );
  const ofRuns = paid.map((run) => collectRun(options, run));
  const parts = await Promise.all([...ofRuns, collectLoneLeases(options, found)]);
  return {
    runs: parts.flatMap(({ runs = [] }) => runs),
    trainings: parts.flatMap(({ trainings = [] }) => trainings),
    released: parts.flatMap(({ released = [] }) => released),
    driven: parts.flatMap(({ driven = [] }) => driven),
    pending: parts.flatMap(({ pending = [] }) => pending),
    unconfirmed: parts.flatMap(({ unconfirmed = [] }) => unconfirmed),
    unreadable: removeDuplicateRuns([
      ...found.flatMap((run) => reportUnreadable(run)),
      ...parts.flatMap(({ unreadable = [] }) => unreadable),
    ]),
  };
}

function removeDuplicateRuns(runs: GcReport["unreadable"]): GcReport["unreadable"] {
  return runs.filter(({ runId }, at) => runs.findIndex((run) => run.runId === runId) === at);
}
