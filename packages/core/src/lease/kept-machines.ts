import type { Assembly } from "../adapters/assembly.ts";
import { type ProtectedAdapter, protectAdapter } from "../adapters/protect.ts";
import { createFromRecipe } from "../adapters/recipe.ts";
import type { KeptMachine, Provider, Quote } from "../spec/index.ts";
import { isLeaseId } from "../state/lease-folder.ts";
import { listLeaseIds, readLease } from "../state/lease-list.ts";
import { createTakenError, isAvailable } from "./availability.ts";

/** Lists the machines that earlier runs rented and kept, and that no other run has taken since. */
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

/** A kept machine that a plan uses: its provider, and what the machine costs from now on. */
export interface PlannedMachine {
  readonly leaseId: string;
  readonly provider: ProtectedAdapter<Provider>;
  readonly quote: Quote;
}

/** @throws UnitrainError `NOT_AVAILABLE` when the machine is no longer kept. */
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
        : protectAdapter(await createFromRecipe<Provider>("provider", provider, from)),
    // The launch fee has been paid already, and the machine is running.
    quote: { ...quote, upfrontUsd: 0, bootSeconds: { likely: 0, high: 0 } },
  };
}
