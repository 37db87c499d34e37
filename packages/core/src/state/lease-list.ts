import { readdir, stat } from "node:fs/promises";
import { UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "./bounded.ts";
import { getLeaseFolder, getLeasesFolder, isLeaseId, type LeaseFolder } from "./lease-folder.ts";
import { findHolder, type LeaseState } from "./lease-state.ts";
import { type LedgerReading, readLedger } from "./read-ledger.ts";
import { describeReadError } from "./unreadable.ts";

/** A lease found on this computer. */
export interface FoundLease {
  readonly id: string;
  readonly folder: LeaseFolder;
  readonly state: LeaseState;
  /** Check its `problem` before you act on its state. */
  readonly reading: LedgerReading;
}

/** Lists the ids of all leases that have their own folder. Leases that share a ledger with their run have none. */
export async function listLeaseIds(home: string): Promise<readonly string[]> {
  const folder = getLeasesFolder(home);
  const names = await withinFileSystemTimeout(readdir(folder)).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw new UnitrainError(
      "STATE_UNREADABLE",
      `The list of leases ${folder} cannot be read. ${describeReadError(error)}`,
      {
        hint: "Restore it or fix its permissions, because it lists resources that may still cost money.",
        cause: error,
      },
    );
  });
  return names.filter(isLeaseId);
}

/**
 * Reads one lease. Returns undefined if it has no entry yet, because then nothing was requested. With `isNamed`, a run names the
 * lease, so an entry existed and a missing ledger is a problem.
 */
export async function readLease(home: string, id: string, isNamed = false): Promise<FoundLease | undefined> {
  const folder = getLeaseFolder(home, id);
  const reading = await readFolder(folder, isNamed);
  return reading === undefined ? undefined : { id, folder, reading, state: reading.lease };
}

async function readFolder(folder: LeaseFolder, isNamed: boolean): Promise<LedgerReading | undefined> {
  const reading = await readLedger(folder.ledger);
  if (reading.entries > 0 || reading.problem !== undefined) return reading;
  const unreadable = (file: string, message: string): LedgerReading => ({
    ...reading,
    problem: { kind: "unreadable", file, message },
  });
  const gone = unreadable(folder.ledger, "It is missing, although a run names it.");
  try {
    if (!(await stat(folder.path)).isDirectory()) return unreadable(folder.path, "It is not a folder.");
    const names = await readdir(folder.path);
    // Keys are created after the first entry, so a folder with keys once had a ledger.
    return isNamed || names.includes("keys") ? gone : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      return unreadable(folder.path, describeReadError(error));
    return isNamed ? gone : undefined;
  }
}

/** Whether the run holds the lease. A lease whose ledger names no holder counts as held by the run that names it. */
export function isHeldBy({ state }: Pick<FoundLease, "state">, runId: string): boolean {
  if (state.keepUntil !== undefined) return false;
  const holder = findHolder(state);
  return holder === undefined || holder.runId === runId;
}
