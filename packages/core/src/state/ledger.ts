import { appendFile, open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";
import type { LedgerEntry, LedgerEntryBody } from "./ledger-entry.ts";
import { after, emptyLedger, type LedgerState } from "./ledger-state.ts";
import { syncFolder } from "./write-file.ts";

/** A run's write-ahead journal. One writer: whoever holds the run's lock. */
export interface Ledger {
  readonly state: LedgerState;
  /** Resolves when the entry is on disk; rejects with `LEDGER_UNWRITABLE`, and then nothing paid may be asked for. */
  append(entry: LedgerEntryBody): Promise<void>;
}

/** The file below a ledger, injected so that tests can fill the disk and kill at every write. */
export interface LedgerFile {
  /** Resolves when the line is on disk. */
  append(line: string): Promise<void>;
}

/** What could be read. `damaged` counts lines that are not entries, a torn last line apart: that one was never answered. */
export interface LedgerReading {
  readonly state: LedgerState;
  readonly entries: number;
  readonly damaged: number;
}

export async function openLedger(
  path: string,
  ports: { readonly clock: Clock; readonly openLedgerFile: (path: string) => Promise<LedgerFile> },
): Promise<Ledger> {
  const file = await ports.openLedgerFile(path).catch((error) => {
    throw unwritable(path, error);
  });
  const reading = await readLedger(path);
  let state = reading.state;
  let seq = reading.entries;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    get state() {
      return state;
    },
    append(body) {
      const written = queue.then(async () => {
        const entry = { v: 1, seq, at: new Date(ports.clock.now()).toISOString(), ...body } as LedgerEntry;
        await file.append(`${JSON.stringify(entry)}\n`).catch((error) => {
          throw unwritable(path, error);
        });
        seq += 1;
        state = after(state, entry);
      });
      queue = written.catch(() => {});
      return written;
    },
  };
}

/** Reads a ledger that another process may be writing, or had no time to finish. */
export async function readLedger(path: string): Promise<LedgerReading> {
  const text = await readFile(path, "utf8").catch((error) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n");
  lines.pop(); // What follows the last newline is torn or empty.
  let state = emptyLedger;
  let entries = 0;
  let damaged = 0;
  for (const line of lines) {
    const entry = parse(line);
    if (entry === undefined) damaged += 1;
    else {
      state = after(state, entry);
      entries += 1;
    }
  }
  return { state, entries, damaged };
}

/** The ledger on disk: each line is forced there before its `append` resolves. Nothing stays open between two. */
export async function openLedgerFile(path: string): Promise<LedgerFile> {
  await cutTornLine(path);
  await syncFolder(dirname(path));
  return {
    async append(line) {
      const handle = await open(path, "a", 0o600);
      try {
        const start = (await handle.stat()).size;
        try {
          await handle.appendFile(line);
          await handle.datasync();
        } catch (error) {
          // Half a line must not spoil the next one. A disk that is full still shortens files.
          await handle.truncate(start).catch(() => {});
          throw error;
        }
      } finally {
        await handle.close();
      }
    },
  };
}

/** Also makes the file, so that a folder that cannot be written to is known at once. */
async function cutTornLine(path: string): Promise<void> {
  await appendFile(path, "", { mode: 0o600 });
  const content = await readFile(path);
  const end = content.lastIndexOf(0x0a) + 1;
  if (end < content.length) await truncate(path, end);
}

function parse(line: string): LedgerEntry | undefined {
  try {
    const entry = JSON.parse(line) as LedgerEntry;
    return entry.v === 1 && typeof entry.type === "string" ? entry : undefined;
  } catch {
    return undefined;
  }
}

function unwritable(path: string, cause: unknown): UnitrainError {
  const code = (cause as NodeJS.ErrnoException).code;
  return new UnitrainError(
    "LEDGER_UNWRITABLE",
    `The run's ledger ${path} cannot be written${code ? ` (${code})` : ""}.`,
    {
      hint: "Free some disk space or mend the folder's permissions. Without a ledger nothing is rented.",
      cause,
    },
  );
}
