import type { Provider, Resource, RunContext } from "@unitrain/core/spec";
import { isSameResource } from "../provider/lease-under-test.ts";
import type { SuiteClock } from "../suite/clock.ts";
import { describeError } from "../suite/demand.ts";
import { type LiveLedger, testPrefix } from "./ledger.ts";

const rounds = 20;
const betweenRoundsMs = 10_000;

/** What a sweep needs. */
export interface SweepOptions {
  readonly provider: Provider;
  readonly ledger: LiveLedger;
  readonly clock: SuiteClock;
  readonly folder: string;
  readonly print: (line: string) => void;
}

/**
 * Releases everything that live checks may have left: what the ledger does not know as gone, and what the provider lists under the
 * prefix of the checks. Returns the resources that are not proven gone. Nothing else in the account is touched.
 */
export async function sweep(options: SweepOptions): Promise<readonly Resource[]> {
  const { provider, ledger, clock, print } = options;
  let left = await ledger.readUnproven();
  let listError: unknown;
  for (let round = 0; round < rounds; round += 1) {
    listError = undefined;
    try {
      left = merge(left, await listTestResources(options));
    } catch (error) {
      listError = error;
    }
    if (left.length === 0 && listError === undefined) return [];
    try {
      const proofs = await provider.release(left, createSweepContext(options));
      const gone = proofs.map(({ resource }) => resource);
      await ledger.prove(gone);
      for (const { kind, name } of gone) print(`  released ${kind} ${name}`);
      left = left.filter((one) => !gone.some((other) => isSameResource(one, other)));
    } catch (error) {
      print(`  ${describeError(error)}`);
    }
    if (left.length > 0 || listError !== undefined) await clock.wait(betweenRoundsMs);
  }
  if (listError !== undefined) throw listError;
  return left;
}

async function listTestResources(options: SweepOptions): Promise<readonly Resource[]> {
  const { provider } = options;
  if (provider.list === undefined)
    throw new Error("The provider has no list(), so nothing can be found in the account.");
  const listed = await provider.list(createSweepContext(options));
  return listed.filter(({ name }) => name.startsWith(testPrefix));
}

function merge(first: readonly Resource[], second: readonly Resource[]): readonly Resource[] {
  return [...first, ...second.filter((one) => !first.some((other) => isSameResource(one, other)))];
}

function createSweepContext({ clock, folder, print }: SweepOptions): RunContext {
  const { signal } = new AbortController();
  return {
    signal,
    secret: () => {},
    showStatus: (message) => print(`  ${message}`),
    wait: (ms) => clock.wait(ms, signal),
    runId: "sweep",
    leaseId: "c0nf0r-sweep-1",
    folder,
  };
}
