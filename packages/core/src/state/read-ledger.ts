import { readFile, stat } from "node:fs/promises";
import type { Resource } from "../spec/index.ts";
import { applyLeaseEntry, emptyLease, type LeaseState } from "./lease-state.ts";
import { applyEntry, emptyLedger, type LedgerState } from "./ledger-state.ts";
import { parseEntry } from "./parse-entry.ts";
import { describeReadError, type StateProblem } from "./unreadable.ts";

/** The result of reading the ledger of a run or a lease. */
export interface LedgerReading {
  /** The state of the run. */
  readonly state: LedgerState;
  /** The state of the lease. It is empty in a run's ledger, unless the two share it. */
  readonly lease: LeaseState;
  readonly entries: number;
  /** The number of lines that are not entries of any version, without a torn last line. */
  readonly damaged: number;
  /** Resources that lines of a newer version name. They are only shown and never acted on. */
  readonly mentionedResources: readonly Resource[];
  /** What is wrong with the ledger. Undefined if it is intact or does not exist. */
  readonly problem?: StateProblem;
}

/** Reads a ledger that another process may be writing or left unfinished. Never rejects: errors are returned as `problem`. */
export async function readLedger(path: string): Promise<LedgerReading> {
  let text: string;
  try {
    // Opening something other than a file may wait forever (a pipe) or fail with an unclear error.
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
  const mentionedResources: Resource[] = [];
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
      mentionedResources.push(...parsed.resources);
    } else {
      state = applyEntry(state, parsed.entry);
      lease = applyLeaseEntry(lease, parsed.entry);
      entries += 1;
    }
  }
  const reading = { state, lease, entries, damaged, mentionedResources };
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
  const reading = { state: emptyLedger, lease: emptyLease, entries: 0, damaged: 0, mentionedResources: [] };
  return problem === undefined ? reading : { ...reading, problem };
}
