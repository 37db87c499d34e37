import { join } from "node:path";
import type { RunFolder } from "./run-folder.ts";

/** The paths of one lease's files on this computer. Only this module knows their names. */
export interface LeaseFolder {
  readonly path: string;
  readonly ledger: string;
  readonly lock: string;
  /** The folder in which transport and provider store a private key and a pinned host key. It is removed after the release. */
  readonly keys: string;
}

export function getLeasesFolder(home: string): string {
  return join(home, "leases");
}

export function getLeaseFolder(home: string, leaseId: string): LeaseFolder {
  const path = join(getLeasesFolder(home), leaseId);
  return {
    path,
    ledger: join(path, "ledger.jsonl"),
    lock: join(path, "lease.lock"),
    keys: join(path, "keys"),
  };
}

/** Returns the paths of a lease that shares its ledger and lock with its run, as all leases did in the first format. */
export function getSharedLeaseFolder(run: RunFolder, leaseId: string): LeaseFolder {
  const path = join(run.path, "leases", leaseId);
  return { path, ledger: run.ledger, lock: run.lock, keys: path };
}

/** Creates the id of a run's n-th lease, such as `k3f9ab-20261124-001530-x7q2-1`. Names of all paid resources contain it. */
export function createLeaseId(installation: string, runId: string, attempt: number): string {
  return `${installation}-${runId}-${attempt}`;
}

/** Whether the lease was planned for an attempt of this run. */
export function isLeaseOf(leaseId: string, runId: string): boolean {
  return leaseForm.exec(leaseId)?.[1] === runId;
}

/** Whether a name has the format of ids from `createLeaseId`. */
export function isLeaseId(name: string): boolean {
  return leaseForm.test(name);
}

const leaseForm = /^[a-z0-9]{6}-(\d{8}-\d{6}-[0-9a-z]{4})-\d+$/;
