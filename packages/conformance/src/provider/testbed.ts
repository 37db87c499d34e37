import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Provider, ReleaseProof, Resource } from "@unitrain/core/spec";
import { type SuiteClock, systemClock } from "../suite/clock.ts";
import { attempt, expectToSettle } from "../suite/demand.ts";
import { createLease, isSameResource, type LeaseUnderTest, type SaveLedger } from "./lease-under-test.ts";
import { listAbilities, providerMembers } from "./list-abilities.ts";
import type { ExistingResource, ProviderAbility, ProviderFaults, ProviderSubject } from "./subject.ts";

/** A provider, its fake cloud, and the part of core that calls it. */
export interface ProviderBed {
  readonly abilities: ReadonlySet<ProviderAbility>;
  readonly members: Readonly<Record<ProviderAbility, string>>;
  readonly subject: ProviderSubject;
  readonly provider: Provider;
  readonly clock: SuiteClock;
  /** Real milliseconds within which `lease` and `release` must end. */
  readonly callLimitMs: number;
  /** Everything that the provider showed to the user so far. */
  readonly shown: readonly string[];
  /** The secrets that the provider has registered. */
  readonly registeredSecrets: ReadonlySet<string>;
  /** Creates a lease, of which nothing is requested yet. The number tells the machines of one run apart. */
  lease(machineNumber?: number): LeaseUnderTest;
  /** Returns what exists in the cloud and did not exist when the bed was created. */
  listOurs(): Promise<readonly ExistingResource[]>;
  /** Returns what existed when the bed was created and is gone now. */
  listLostOthers(): Promise<readonly ExistingResource[]>;
  /** Releases like core: again and again, until each resource is proven gone or ten rounds are over. */
  releaseAll(lease: LeaseUnderTest, resources?: readonly Resource[], provider?: Provider): Promise<Released>;
  /** Returns the provider of another process. */
  recreate(): Provider;
  /** Lets the fake cloud play a fault. */
  play(fault: keyof ProviderFaults, kind?: string): Promise<void>;
  clearFaults(): void;
  close(): Promise<void>;
}

/** The outcome of repeated releases. */
interface Released {
  readonly proofs: readonly ReleaseProof[];
  /** The resources without a proof. */
  readonly unproven: readonly Resource[];
  readonly errors: readonly unknown[];
}

const rounds = 10;
const betweenRoundsMs = 5_000;

/** Creates the bed for one check. */
export async function createProviderBed(
  subject: ProviderSubject,
  saveLedger: SaveLedger = async () => {},
): Promise<ProviderBed> {
  const { provider, clock = systemClock, callLimitMs = 60_000 } = subject;
  // Created at first use, because most providers never look at it.
  let folder: string | undefined;
  const openFolder = () => {
    folder ??= mkdtempSync(join(tmpdir(), "unitrain-conformance-"));
    return folder;
  };
  const runId = `20261124-001530-${randomBytes(2).toString("hex")}`;
  const shown: string[] = [];
  const registeredSecrets = new Set<string>();
  const before = await subject.listExisting();
  const lease: ProviderBed["lease"] = (machineNumber = 1) =>
    createLease({ subject, clock, openFolder, shown, registeredSecrets, runId, saveLedger, machineNumber });
  return {
    abilities: listAbilities(subject),
    members: providerMembers,
    subject,
    provider,
    clock,
    callLimitMs,
    shown,
    registeredSecrets,
    lease,
    listOurs: async () => subtract(await subject.listExisting(), before),
    listLostOthers: async () => subtract(before, await subject.listExisting()),
    async releaseAll(leaseUnderTest, resources = leaseUnderTest.ledger(), by = provider) {
      const proofs: ReleaseProof[] = [];
      const errors: unknown[] = [];
      let unproven = resources.filter(({ onRelease }) => onRelease === "delete");
      for (let round = 0; round < rounds && unproven.length > 0; round += 1) {
        const released = await attempt(
          "release()",
          by.release(unproven, leaseUnderTest.context()),
          callLimitMs,
        );
        if ("value" in released) proofs.push(...released.value);
        else errors.push(released.error);
        unproven = unproven.filter((one) => !proofs.some(({ resource }) => isSameResource(resource, one)));
        if (unproven.length > 0) await clock.wait(betweenRoundsMs);
      }
      return { proofs, unproven, errors };
    },
    recreate: () =>
      provider.recipe === undefined || subject.recreate === undefined
        ? provider
        : subject.recreate(JSON.parse(JSON.stringify(provider.recipe))),
    async play(fault, kind = "") {
      await subject.faults?.[fault]?.(kind);
    },
    clearFaults: () => subject.clearFaults?.(),
    async close() {
      await expectToSettle("close()", Promise.resolve(subject.close?.()));
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the resources of the first list that are not in the second. */
export function subtract(
  these: readonly ExistingResource[],
  those: readonly ExistingResource[],
): readonly ExistingResource[] {
  return these.filter((a) => !those.some((b) => a.kind === b.kind && a.id === b.id));
}
