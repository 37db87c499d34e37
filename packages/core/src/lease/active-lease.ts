import type { Ports } from "../ports.ts";
import type { Deadline, Plan, Provider } from "../spec/index.ts";
import type { LeaseHolder } from "../state/lease-entry.ts";
import { getLeaseFolder, isLeaseId, type LeaseFolder } from "../state/lease-folder.ts";
import { type LeaseLedger, openLedger } from "../state/ledger.ts";
import { createLocalDiskError } from "../state/local-disk.ts";
import { makeFolders } from "../state/make-folders.ts";
import { createTakenError, isAvailable } from "./availability.ts";

/** A lease whose lock this process holds. */
export interface ActiveLease {
  readonly id: string;
  readonly folder: LeaseFolder;
  readonly ledger: LeaseLedger;
  /** Whether this process planned the lease. If so, no other process can have requested anything for it. */
  readonly isNew: boolean;
  /** Until when the machine was to be kept, if this process has just taken a kept machine. */
  readonly keepUntil?: string;
}

export interface NewLease {
  readonly leaseId: string;
  readonly plan: Plan;
  readonly provider: Provider;
  readonly holder: LeaseHolder;
  readonly deadline: Deadline | undefined;
  readonly workingFolder: string;
}

/**
 * Records all planned resources of a new lease. This happens before the run's ledger names the lease and long before anything
 * is requested. The caller holds the lease's lock.
 */
export async function planLease(
  home: string,
  ports: Ports,
  { leaseId, plan, provider, holder, deadline, workingFolder }: NewLease,
): Promise<ActiveLease> {
  const folder = getLeaseFolder(home, leaseId);
  const { lease: ledger } = await openLedger(folder.ledger, ports);
  if (ledger.state.id !== undefined) return { id: leaseId, folder, ledger, isNew: false };
  const recordedAt = new Date(ports.clock.now()).toISOString();
  await ledger.append({
    type: "planned",
    leaseId,
    provider: plan.provider,
    transport: plan.transport,
    quote: plan.quote,
    resources: provider
      .listPlannedResources(leaseId, plan.quote)
      .map((resource) => ({ ...resource, recordedAt })),
    holder,
    ...(deadline === undefined ? {} : { deadline }),
    workingFolder,
  });
  return { id: leaseId, folder, ledger, isNew: true };
}

/**
 * Takes a kept machine for a run. From now on the run holds the lease, and only the process that holds the lease's lock may
 * release it.
 */
export async function takeLease(
  home: string,
  ports: Ports,
  { leaseId, holder, deadline }: NewLease,
): Promise<ActiveLease> {
  if (!isLeaseId(leaseId)) throw createTakenError(leaseId);
  const folder = getLeaseFolder(home, leaseId);
  const { lease: ledger } = await openLedger(folder.ledger, ports);
  const lease = { id: leaseId, folder, ledger, isNew: false };
  if (!isAvailable(ledger.state, ports.clock.now())) throw createTakenError(leaseId);
  const { keepUntil = "" } = ledger.state;
  await ledger.append({ type: "held", holder, ...(deadline === undefined ? {} : { deadline }) });
  return { ...lease, keepUntil };
}

/** Creates the folder for a lease's SSH keys. */
export async function makeKeysFolder({ keys }: LeaseFolder): Promise<void> {
  await makeFolders(keys, 0o700).catch((error) => {
    throw createLocalDiskError(keys, error);
  });
}
