import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "./bounded.ts";
import { checkHome } from "./check-home.ts";
import { getSharedLeaseFolder, isLeaseOf } from "./lease-folder.ts";
import { type FoundLease, isHeldBy, listLeaseIds, readLease } from "./lease-list.ts";
import { isOfLease } from "./lease-state.ts";
import { type PlanHints, readPlanHints } from "./plan-hints.ts";
import { type LedgerReading, readLedger } from "./read-ledger.ts";
import { type RunFolder, runFolder } from "./run-folder.ts";
import type { RunSummary } from "./run-summary.ts";
import { createStamp, readSettled, type Stamp } from "./settled-run.ts";
import { describeReadError, mustNotBeActedOn, type StateProblem } from "./unreadable.ts";

/** A run found on this computer. */
export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly folder: RunFolder;
  /** Check its `problem` before you act on its state. It includes problems of leases that the run holds. */
  readonly reading: LedgerReading;
  /** The leases of all its attempts, oldest first. */
  readonly leases: readonly FoundLease[];
  /** Information about the plan from other files, if the ledger does not contain it. */
  readonly hints: PlanHints;
  /** The stamp of its files, taken before they were read. */
  readonly stamp: Stamp;
}

/** All runs. Settled runs are only included as summaries. */
export interface ListedRuns {
  readonly settled: readonly RunSummary[];
  readonly found: readonly FoundRun[];
}

/** The format of ids from `newRunId`. */
const idForm = /^\d{8}-\d{6}-[0-9a-z]{4}$/;

/**
 * Lists every run with an intent, and every folder that may have been a run, newest first. Each is read on its own, and errors are
 * returned as the `problem` of its reading. It only reads files.
 */
export async function listRunFolders(home: string): Promise<readonly FoundRun[]> {
  return readRuns(home, await runIds(home));
}

/** Reads one run. Returns undefined for something that never was a run, such as `.DS_Store` or a run that ended before its intent. */
export async function readRun(home: string, id: string): Promise<FoundRun | undefined> {
  return readRunAmong(home, id, await listLeaseIds(home));
}

/** Lists the runs like `listRunFolders`, but uses the cached summary of a run that is over and released instead of its files. */
export async function listRuns(home: string): Promise<ListedRuns> {
  const settled: RunSummary[] = [];
  const others: string[] = [];
  for (const id of await runIds(home)) {
    const folder = runFolder(home, id);
    const summary = readSettled(folder, createStamp(folder));
    if (summary?.id === id) settled.push(summary);
    else others.push(id);
  }
  return { settled, found: await readRuns(home, others) };
}

async function runIds(home: string): Promise<readonly string[]> {
  await checkHome(home);
  return withinFileSystemTimeout(readdir(join(home, "runs"))).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw new UnitrainError(
      "STATE_UNREADABLE",
      `The list of runs ${join(home, "runs")} cannot be read. ${describeReadError(error)}`,
      {
        hint: "Restore it or fix its permissions, because it lists resources that may still cost money.",
        cause: error,
      },
    );
  });
}

async function readRuns(home: string, ids: readonly string[]): Promise<readonly FoundRun[]> {
  const leaseIds = ids.length === 0 ? [] : await listLeaseIds(home);
  const runs = await Promise.all(ids.map((id) => readRunAmong(home, id, leaseIds)));
  return runs.filter((run) => run !== undefined).sort((a, b) => (a.id < b.id ? 1 : -1));
}

async function readRunAmong(
  home: string,
  id: string,
  leaseIds: readonly string[],
): Promise<FoundRun | undefined> {
  const folder = runFolder(home, id);
  const stamp = createStamp(folder);
  const ledger = await readFolder(id, folder);
  if (ledger === undefined) return undefined;
  const leases = await readLeases(folder, id, ledger, leaseIds);
  const problems = leases.filter((lease) => isHeldBy(lease, id)).map(({ reading }) => reading.problem);
  const reading = withProblem(ledger, [ledger.problem, ...problems]);
  const { plan } = reading.state;
  const hints = plan === undefined ? await readPlanHints(folder) : {};
  return { id, name: plan?.name ?? hints.name ?? id, folder, reading, leases, hints, stamp };
}

/** Reads the leases that the run's ledger names and those planned for the run, because a damaged ledger may have lost a name. */
async function readLeases(
  folder: RunFolder,
  runId: string,
  reading: LedgerReading,
  leaseIds: readonly string[],
): Promise<readonly FoundLease[]> {
  const { lease, state } = reading;
  if (isOfLease(lease)) {
    const id = lease.id ?? "";
    return [{ id, folder: getSharedLeaseFolder(folder, id), reading, state: lease }];
  }
  const attemptLeases = [...state.endedAttempts, state].flatMap(({ leases }) => leases);
  const planned = leaseIds.filter((id) => isLeaseOf(id, runId) && !attemptLeases.includes(id));
  const leases = await Promise.all([
    ...attemptLeases.map((id) => readLease(folder.home, id, true)),
    ...planned.sort().map((id) => readLease(folder.home, id)),
  ]);
  const unique = new Map(
    leases.flatMap((found) => (found === undefined ? [] : [[found.id, found] as const])),
  );
  return [...unique.values()];
}

/** Returns the most severe problem. */
function withProblem(reading: LedgerReading, problems: readonly (StateProblem | undefined)[]): LedgerReading {
  const problem = problems.find(mustNotBeActedOn) ?? problems.find((found) => found !== undefined);
  return problem === undefined ? reading : { ...reading, problem };
}

async function readFolder(id: string, folder: RunFolder): Promise<LedgerReading | undefined> {
  const reading = await readLedger(folder.ledger);
  const unreadable = (file: string, message: string): LedgerReading => ({
    ...reading,
    problem: { kind: "unreadable", file, message },
  });
  try {
    if (!(await stat(folder.path)).isDirectory())
      return idForm.test(id) ? unreadable(folder.path, "It is not a folder.") : undefined;
  } catch (error) {
    return idForm.test(id) ? unreadable(folder.path, describeReadError(error)) : undefined;
  }
  if (reading.entries > 0 || reading.problem !== undefined) return reading;
  // Only these files exist before the intent is written.
  const before = [folder.lock, `${folder.lock}.holder`, `${folder.ledger}.part`];
  const names = await readdir(folder.path).catch((error) => describeReadError(error));
  if (typeof names === "string") return unreadable(folder.path, names);
  const found = names.map((name) => join(folder.path, name));
  const isRun = idForm.test(id) || found.includes(folder.events) || found.includes(folder.leases);
  if (!isRun || found.every((path) => before.some((previous) => path.startsWith(previous)))) return undefined;
  return unreadable(folder.ledger, "It is missing, although the run had started.");
}
