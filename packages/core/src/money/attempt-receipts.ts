import type { AttemptReceipt, ErrorReport } from "../spec/index.ts";
import { readLease } from "../state/lease-list.ts";
import type { LeaseState } from "../state/lease-state.ts";
import { calculateHoldingCost, listHoldings, sumShares } from "./cost.ts";
import type { RecordedRun } from "./recorded-run.ts";

/** The leases of a run by id, the oldest first. */
export type RunLeases = ReadonlyMap<string, LeaseState>;

/** Reads the leases of all attempts. This process holds the one of the newest attempt. */
export async function readRunLeases({ ledger, lease, folder }: RecordedRun): Promise<RunLeases> {
  const leases = new Map<string, LeaseState>();
  for (const id of ledger.state.endedAttempts.flatMap((attempt) => attempt.leases)) {
    const found = await readLease(folder.home, id, true);
    if (found !== undefined) leases.set(id, found.state);
  }
  return leases.set(lease.id, lease.ledger.state);
}

/** Returns a row for each attempt. The newest attempt ends with the run, at `endedAt`. */
export function listAttempts(
  run: RecordedRun,
  leases: RunLeases,
  endedAt: string,
): readonly AttemptReceipt[] {
  const { state } = run.ledger;
  const ended = state.endedAttempts.map((attempt) => createRow(run, leases, attempt));
  if (ended.some(({ number }) => number === state.attempt)) return ended;
  const newest = {
    number: Math.max(1, state.attempt),
    leases: [run.lease.id],
    startedAt: state.attemptStartedAt ?? state.startedAt ?? endedAt,
    endedAt,
    error: state.error,
  };
  return [...ended, createRow(run, leases, newest)];
}

interface Attempt extends Pick<AttemptReceipt, "number" | "leases" | "startedAt" | "endedAt"> {
  readonly error: ErrorReport | undefined;
}

function createRow(
  { plan, clock }: RecordedRun,
  leases: RunLeases,
  { error, ...attempt }: Attempt,
): AttemptReceipt {
  const shares = attempt.leases.flatMap((id) => {
    const lease = leases.get(id);
    if (lease === undefined) return [];
    return listHoldings(lease)
      .filter(({ runId = plan.runId }) => runId === plan.runId)
      .filter(({ attempt: number = attempt.number }) => number === attempt.number)
      .map((holding) => calculateHoldingCost(lease, lease.quote ?? plan.quote, holding, clock.now()));
  });
  const paidMs = shares.reduce(
    (sum, { paid }) => sum + (paid === undefined ? 0 : paid.untilMs - paid.fromMs),
    0,
  );
  return {
    ...attempt,
    ...(error === undefined ? {} : { error }),
    paidSeconds: paidMs / 1000,
    costUsd: sumShares(shares),
  };
}
