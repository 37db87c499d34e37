import type { Assembly } from "../adapters/assembly.ts";
import { createFromRecipe } from "../adapters/recipe.ts";
import type { KeptMachine, Provider, Quote } from "../spec/index.ts";
import { isLeaseId } from "../state/lease-folder.ts";
import { listLeaseIds, readLease } from "../state/lease-list.ts";
import { createTakenError, isAvailable } from "./availability.ts";

/** The machines that earlier runs have paid for and kept, and that no run has taken. */
export async function listKeptMachines({ home, ports }: Assembly): Promise<readonly KeptMachine[]> {
  const leases = await Promise.all((await listLeaseIds(home)).map((id) => readLease(home, id)));
  return leases.flatMap((lease) => {
    if (lease === undefined || !isAvailable(lease.state, ports.clock.now())) return [];
    const { provider, quote, keepUntil, facts } = lease.state;
    if (provider === undefined || quote === undefined || keepUntil === undefined) return [];
    const { machine, priceUsdPerHour } = quote;
    const found = { leaseId: lease.id, provider: provider.name, machine, priceUsdPerHour, keepUntil };
    return [facts === undefined ? found : { ...found, facts }];
  });
}

/** A kept machine that a plan takes: its provider, and what it costs from now on. */
export interface PlannedMachine {
  readonly leaseId: string;
  readonly provider: Provider;
  readonly quote: Quote;
}

/** @throws UnitrainError `NOT_AVAILABLE` when the machine is not kept any more. */
export async function planKeptMachine(assembly: Assembly, leaseId: string): Promise<PlannedMachine> {
  if (!isLeaseId(leaseId)) throw createTakenError(leaseId);
  const lease = await readLease(assembly.home, leaseId);
  const { provider, quote, workingFolder = process.cwd() } = lease?.state ?? {};
  const isKept = lease !== undefined && isAvailable(lease.state, assembly.ports.clock.now());
  if (!isKept || provider === undefined || quote === undefined) throw createTakenError(leaseId);
  const from = { load: assembly.load, folder: workingFolder };
  return {
    leaseId,
    provider:
      assembly.provider.name === provider.name
        ? assembly.provider
        : await createFromRecipe<Provider>("provider", provider, from),
    // What is due at launch is paid, and there is nothing to wait for.
    quote: { ...quote, upfrontUsd: 0, bootSeconds: { likely: 0, high: 0 } },
  };
}
