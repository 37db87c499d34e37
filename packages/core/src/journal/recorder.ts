import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import type { Provider } from "../spec/index.ts";
import type { RunLedger } from "../state/ledger.ts";
import type { RunEntryBody } from "../state/ledger-entry.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { settleWithin } from "../time/settle-within.ts";
import { emit, type Reporter } from "./reporter.ts";

/** What it takes to record a fact in a run's ledger, and to warn if it cannot be recorded. */
export interface Recorder extends Reporter {
  readonly ledger: RunLedger;
  readonly sanitizer: OutputSanitizer;
}

/** What it takes to know which steps of a run are done. */
export interface LedgerReader {
  readonly ledger: { readonly state: LedgerState };
}

/** How long to wait until a ledger entry is on disk. A hanging disk must not block the run. */
const recordPatienceMs = 5_000;
const warnedLedgers = new WeakSet<RunLedger>();

/**
 * Records what has happened in the run's ledger. If that fails, for example because the disk is full, it warns once and the run
 * continues, because a failed record must neither lose the model nor keep a rented machine running.
 */
export async function recordFact(run: Recorder, entry: RunEntryBody): Promise<void> {
  const { ledger, clock, sanitizer } = run;
  const writing = ledger.note(entry).then(async (failure) => {
    if (failure === undefined || warnedLedgers.has(ledger)) return;
    warnedLedgers.add(ledger);
    const { message } = sanitizer.maskError(failure);
    await emit(run, {
      type: "warning",
      phase: "train",
      message,
      hint: "Free some disk space. The run continues.",
    });
  });
  await settleWithin(clock, recordPatienceMs, writing);
}

/** Records a fact like `recordFact` on a rented machine. On a borrowed machine, which costs nothing, a failed record is an error. */
export async function noteUnlessFree(
  run: Recorder & { readonly provider: Pick<Provider, "ownership"> },
  entry: RunEntryBody,
): Promise<void> {
  if (run.provider.ownership === "rented") await recordFact(run, entry);
  else await run.ledger.append(entry);
}
