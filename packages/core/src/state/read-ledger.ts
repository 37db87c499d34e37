import { readFile, stat } from "node:fs/promises";
import type { Resource } from "../spec/index.ts";
import { emptyLease, type LeaseState, leaseAfter } from "./lease-state.ts";
import { after, emptyLedger, type LedgerState } from "./ledger-state.ts";
import { parseEntry } from "./parse-entry.ts";
import { describeReadError, type StateProblem } from "./unreadable.ts";

/** What could be read of a ledger, of a run or of a lease. */
export interface LedgerReading {
  /** What it says about a run. */
  readonly state: LedgerState;
  /** What it says about a lease: in the ledger of a run nothing, unless the two share it. */
  readonly lease: LeaseState;
  readonly entries: number;
  /** Lines that are not entries of any version, a torn last line apart. */
  readonly damaged: number;
  /** Resources that lines of a newer version name: only to be shown. */
  readonly named: readonly Resource[];
  /** Absent when the ledger is whole, and when there is none. */
  readonly problem?: StateProblem;
}

/** Reads a ledger that another process may be writing, or had no time to finish. Never rejects: what is wrong is `problem`. */
export async function readLedger(path: string): Promise<LedgerReading> {
  let text: string;
  try {
    // Opening anything but a file may wait for ever (a pipe) or fail in a way that does not say what it is.
    if (!(await stat(path)).isFile())
      return nothing({ kind: "unreadable", file: path, message: "It is not a file." });
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return nothing();
    return nothing({ kind: "unreadable", file: path, message: describeReadError(error) });
  }
  return readLines(path, text);
}

function readLines(path: string, text: string): LedgerReading {
  const lines = text.split("\n");
  const isTorn = lines.pop() !== "";
  const named: Resource[] = [];
  let state = emptyLedger;
  let lease = emptyLease;
  let entries = 0;
  let damaged = 0;
  let newest = 0;
  for (const line of lines) {
    const parsed = parseEntry(line);
    if (parsed === undefined) damaged += 1;
    else if ("newerFormat" in parsed) {
      newest = Math.max(newest, parsed.newerFormat);
      named.push(...parsed.resources);
    } else {
      state = after(state, parsed.entry);
      lease = leaseAfter(lease, parsed.entry);
      entries += 1;
    }
  }
  const reading = { state, lease, entries, damaged, named };
  const problem = findProblem(reading, { newest, isTorn, lines: lines.length });
  return problem === undefined ? reading : { ...reading, problem: { ...problem, file: path } };
}

function findProblem(
  { entries, damaged }: Pick<LedgerReading, "entries" | "damaged">,
  { newest, isTorn, lines }: { newest: number; isTorn: boolean; lines: number },
): Pick<StateProblem, "kind" | "message"> | undefined {
  if (newest > 0) {
    const message = `A newer version of unitrain wrote it (format ${newest}); this version never acts on it.`;
    return { kind: "newer", message };
  }
  if (entries === 0) {
    const message = lines === 0 && !isTorn ? "It is empty." : "No line of it can be read.";
    return { kind: "unreadable", message };
  }
  if (damaged > 0) return { kind: "damaged", message: `${damaged} of its ${lines} lines cannot be read.` };
  if (isTorn) return { kind: "torn", message: "Its last line was cut off." };
  return undefined;
}

function nothing(problem?: StateProblem): LedgerReading {
  const reading = { state: emptyLedger, lease: emptyLease, entries: 0, damaged: 0, named: [] };
  return problem === undefined ? reading : { ...reading, problem };
}
