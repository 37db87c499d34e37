import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { virtualClock } from "@unitrain/conformance";
import type { LeaseContext, Provider, Quote, Resource } from "@unitrain/core/spec";
import { onTestFinished } from "vitest";
import { type CanopyWaveOptions, canopywave } from "../src/index.ts";

export const leaseId = "k3f9ab-20261124-001530-x7q2-1";
export const leaseName = `unitrain-${leaseId}`;
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9uZSBrZXkgb2YgYSBydW4sIG1hZGUgZm9yIHRlc3Rz test";

/** An emulated cloud, a provider that uses it, and a ledger, all with one virtual clock. */
export interface Testbed {
  readonly emulator: Emulator;
  readonly provider: Provider;
  readonly context: LeaseContext;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Returns the resources in the ledger, like core. */
  resources(): readonly Resource[];
  /** Records the planned resources, then rents. */
  rent(quote?: Quote): Promise<void>;
  /** Releases everything in the ledger, repeatedly like core, up to ten times. */
  releaseAll(): Promise<readonly Resource[]>;
  /** Creates a new provider for the same ledger and cloud. */
  anotherProcess(): Pick<Testbed, "provider" | "releaseAll">;
  /** Stops the run. */
  requestStop(): void;
  readonly statusMessages: string[];
  readonly secrets: Set<string>;
  /** Counts our resources in the cloud. */
  ours(): { readonly instances: number; readonly addresses: number; readonly keys: number };
  /** Tells whether the resources of others are unchanged, or at least still exist. */
  others(): "untouched" | "kept" | "gone";
}

export async function createTestbed(
  options: CanopyWaveOptions = {},
  cloud: Partial<EmulatorOptions> = {},
): Promise<Testbed> {
  const folder = await mkdtemp(join(tmpdir(), "ut-cw-"));
  const clock = virtualClock();
  const emulator = await startEmulator({ folder, clock, ...cloud });
  onTestFinished(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const provider = canopywave({
    baseUrl: emulator.url,
    apiKey: emulator.apiKey,
    now: clock.now,
    gpu: "H100",
    region: "sequoia",
    ...options,
  });
  const signal = new AbortController().signal;
  const stopRequest = new AbortController();
  const statusMessages: string[] = [];
  const secrets = new Set<string>();
  let ledger: readonly Resource[] = [];
  const remember = (resource: Resource) => {
    const noted = { ...resource, recordedAt: new Date(clock.now()).toISOString() };
    const rest = ledger.filter((resource) => !isSameResource(resource, noted));
    ledger = noted.onRelease === "delete" ? [...rest, noted] : rest;
  };
  const context: LeaseContext = {
    signal,
    secret: (value) => void secrets.add(value),
    showStatus: (message) => void statusMessages.push(message),
    wait: (ms) => clock.wait(ms),
    runId: "20261124-001530-x7q2",
    leaseId,
    folder,
    publicKey,
    record: async (resource) => remember(resource),
    stopSignal: stopRequest.signal,
  };
  const releaseAll = async (by: Provider) => {
    for (let attempt = 0; attempt < 10 && ledger.length > 0; attempt += 1) {
      const proofs = await by.release(ledger, context).catch((error: Error) => {
        statusMessages.push(error.message);
        return [];
      });
      ledger = ledger.filter((tracked) => !proofs.some(({ resource }) => isSameResource(resource, tracked)));
    }
    return ledger;
  };
  const others = [...listForeign(emulator)];
  return {
    emulator,
    provider,
    context,
    clock,
    statusMessages,
    secrets,
    resources: () => ledger,
    async rent(quote) {
      const rentedQuote = quote ?? (await provider.quote({ diskBytes: 1e9 }, context));
      for (const resource of provider.listPlannedResources(leaseId, rentedQuote)) remember(resource);
      await provider.lease(rentedQuote, context);
    },
    releaseAll: () => releaseAll(provider),
    anotherProcess() {
      const secondProvider = canopywave({
        ...(provider.recipe?.options as object),
        apiKey: emulator.apiKey,
        now: clock.now,
      });
      return { provider: secondProvider, releaseAll: () => releaseAll(secondProvider) };
    },
    requestStop: () => stopRequest.abort(new Error("unwanted")),
    ours: () => ({
      instances: emulator.instances().filter(({ isForeign }) => !isForeign).length,
      addresses: emulator.addresses().filter(({ isForeign }) => !isForeign).length,
      keys: emulator.keys().filter(({ isForeign }) => !isForeign).length,
    }),
    others() {
      const now = [...listForeign(emulator)];
      if (now.join() === others.join()) return "untouched";
      return others.every((previous) =>
        now.some((current) => current.split(" on ")[0] === previous.split(" on ")[0]),
      )
        ? "kept"
        : "gone";
    },
  };
}

function* listForeign(emulator: Emulator): Generator<string> {
  for (const record of emulator.instances()) if (record.isForeign) yield `instance ${record.id}`;
  for (const record of emulator.addresses())
    if (record.isForeign) yield `address ${record.id} on ${record.instanceId}`;
  for (const record of emulator.keys()) if (record.isForeign) yield `key ${record.region} ${record.name}`;
}

function isSameResource(a: Resource, b: Resource): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false;
  return a.id === undefined || b.id === undefined || a.id === b.id;
}
