import { UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";
import type { LedgerEntry, LedgerEntryBody } from "./ledger-entry.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { after, type LedgerState } from "./ledger-state.ts";
import { ledgerFormat } from "./parse-entry.ts";
import { readLedger } from "./read-ledger.ts";
import { createUnreadableError } from "./unreadable.ts";

/** A run's write-ahead journal. One writer: whoever holds the run's lock. */
export interface Ledger {
  readonly state: LedgerState;
  /** Resolves when the entry is on disk; rejects with `LEDGER_UNWRITABLE`, and then nothing paid may be asked for. */
  append(entry: LedgerEntryBody): Promise<void>;
  /**
   * For what has happened already: never rejects. Where it cannot be written, this process goes on with it all the same.
   * Resolves with why it was not written.
   */
  note(entry: LedgerEntryBody): Promise<unknown>;
}

/** Opens a ledger for writing. Refuses one of which nothing can be read, and one of a newer version: neither is changed. */
export async function openLedger(
  path: string,
  ports: { readonly clock: Clock; readonly openLedgerFile: (path: string) => Promise<LedgerFile> },
): Promise<Ledger> {
  const reading = await readLedger(path);
  const { problem } = reading;
  if (problem?.kind === "newer" || problem?.kind === "unreadable") throw createUnreadableError(problem);
  const file = await ports.openLedgerFile(path).catch((error) => {
    throw unwritable(path, error);
  });
  let state = reading.state;
  let seq = reading.entries;
  let queue: Promise<unknown> = Promise.resolve();
  const write = (body: LedgerEntryBody, goOnWithout: boolean): Promise<unknown> => {
    const written = queue.then(async () => {
      const at = new Date(ports.clock.now()).toISOString();
      const entry = { v: ledgerFormat, seq, at, ...body } as LedgerEntry;
      let failure: UnitrainError | undefined;
      await file.append(`${JSON.stringify(entry)}\n`).catch((error) => {
        failure = unwritable(path, error);
        if (!goOnWithout) throw failure;
      });
      if (failure === undefined) seq += 1;
      state = after(state, entry);
      return failure;
    });
    queue = written.catch(() => {});
    return written;
  };
  return {
    get state() {
      return state;
    },
    append: async (body) => void (await write(body, false)),
    note: (body) => write(body, true),
  };
}

/** Of a run whose ledger cannot be written, and that must be released all the same: what was read, told on in this process only. */
export function memoryLedger(reading: LedgerState, clock: Clock): Ledger {
  let state = reading;
  const append = async (body: LedgerEntryBody) => {
    const at = new Date(clock.now()).toISOString();
    state = after(state, { v: ledgerFormat, seq: -1, at, ...body } as LedgerEntry);
  };
  return {
    get state() {
      return state;
    },
    append,
    note: append,
  };
}

function unwritable(path: string, cause: unknown): UnitrainError {
  const code = (cause as NodeJS.ErrnoException).code;
  return new UnitrainError(
    "LEDGER_UNWRITABLE",
    `The run's ledger ${path} cannot be written${code ? ` (${code})` : ""}.`,
    {
      hint: "Free some disk space, or fix the folder's permissions. Without a ledger nothing is rented.",
      cause,
    },
  );
}
