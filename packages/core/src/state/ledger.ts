import { formatJson, UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";
import type { LeaseEntryBody } from "./lease-entry.ts";
import { applyLeaseEntry, type LeaseState } from "./lease-state.ts";
import type { LedgerEntry, RunEntryBody } from "./ledger-entry.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { applyEntry, type LedgerState } from "./ledger-state.ts";
import { ledgerFormat } from "./parse-entry.ts";
import { type LedgerReading, readLedger } from "./read-ledger.ts";
import { createUnreadableError } from "./unreadable.ts";

/** A write-ahead ledger. Only the process that holds its lock writes to it. */
interface Ledger<State, Body> {
  readonly state: State;
  /** Resolves when the entry is on disk. If it rejects with `LEDGER_UNWRITABLE`, nothing paid may be requested. */
  append(entry: Body): Promise<void>;
  /**
   * Records something that has already happened. Never rejects: if the entry cannot be written, this process still applies it to
   * its state. Resolves with the reason it was not written.
   */
  note(entry: Body): Promise<unknown>;
}

export type RunLedger = Ledger<LedgerState, RunEntryBody>;
export type LeaseLedger = Ledger<LeaseState, LeaseEntryBody>;

/** An open ledger file as the ledger of a run and of a lease. Only in the first format is it both. */
export interface OpenLedger {
  readonly run: RunLedger;
  readonly lease: LeaseLedger;
}

/** Opens a ledger for writing. Throws for a ledger that is unreadable or was written by a newer version, and does not change it. */
export async function openLedger(
  path: string,
  ports: { readonly clock: Clock; readonly openLedgerFile: (path: string) => Promise<LedgerFile> },
): Promise<OpenLedger> {
  const reading = await readLedger(path);
  const { problem } = reading;
  if (problem?.kind === "newer" || problem?.kind === "unreadable") throw createUnreadableError(problem);
  const file = await ports.openLedgerFile(path).catch((error) => {
    throw unwritable(path, error);
  });
  const states = createStates(reading);
  let seq = reading.entries;
  let queue: Promise<unknown> = Promise.resolve();
  const write = (body: RunEntryBody | LeaseEntryBody, goOnWithout: boolean): Promise<unknown> => {
    const written = queue.then(async () => {
      const at = new Date(ports.clock.now()).toISOString();
      const entry = { v: ledgerFormat, seq, at, ...body } as LedgerEntry;
      let failure: UnitrainError | undefined;
      await file.append(`${formatJson(entry)}\n`).catch((error) => {
        failure = unwritable(path, error);
        if (!goOnWithout) throw failure;
      });
      if (failure === undefined) seq += 1;
      states.add(entry);
      return failure;
    });
    queue = written.catch(() => {});
    return written;
  };
  return createViews(states, {
    append: async (body) => void (await write(body, false)),
    note: (body) => write(body, true),
  });
}

/** Creates a ledger in memory that continues from what was read. It is used to release resources although their ledger cannot be written. */
export function memoryLedger(reading: Pick<LedgerReading, "state" | "lease">, clock: Clock): OpenLedger {
  const states = createStates(reading);
  const append = async (body: RunEntryBody | LeaseEntryBody) => {
    const at = new Date(clock.now()).toISOString();
    states.add({ v: ledgerFormat, seq: -1, at, ...body } as LedgerEntry);
  };
  return createViews(states, { append, note: append });
}

type States = ReturnType<typeof createStates>;

function createStates({ state, lease }: Pick<LedgerReading, "state" | "lease">) {
  const states = {
    run: state,
    lease,
    add(entry: LedgerEntry) {
      states.run = applyEntry(states.run, entry);
      states.lease = applyLeaseEntry(states.lease, entry);
    },
  };
  return states;
}

function createViews(
  states: States,
  writer: Pick<Ledger<never, RunEntryBody | LeaseEntryBody>, "append" | "note">,
): OpenLedger {
  return {
    run: {
      ...writer,
      get state() {
        return states.run;
      },
    },
    lease: {
      ...writer,
      get state() {
        return states.lease;
      },
    },
  };
}

function unwritable(path: string, cause: unknown): UnitrainError {
  const code = (cause as NodeJS.ErrnoException).code;
  return new UnitrainError(
    "LEDGER_UNWRITABLE",
    `The ledger ${path} cannot be written${code ? ` (${code})` : ""}.`,
    {
      hint: "Free some disk space, or fix the folder's permissions. Without a ledger nothing is rented.",
      cause,
    },
  );
}
