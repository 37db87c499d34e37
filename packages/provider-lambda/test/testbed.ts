import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "@unitrain/cloud-emulator/lambda";
import { virtualClock } from "@unitrain/conformance";
import type { LeaseContext, Provider, Quote, Resource } from "@unitrain/core/spec";
import { onTestFinished } from "vitest";
import { type LambdaOptions, lambda } from "../src/index.ts";

const leaseId = "k3f9ab-20261124-001530-x7q2-1";
export const leaseName = `unitrain-${leaseId}`;
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9uZSBrZXkgb2YgYSBydW4sIG1hZGUgZm9yIHRlc3Rz test";

/** An emulated cloud, a provider that uses it, and a ledger, all with one virtual clock. */
export interface Testbed {
  readonly emulator: Emulator;
  readonly provider: Provider;
  readonly context: LeaseContext;
  readonly clock: ReturnType<typeof virtualClock>;
  resources(): readonly Resource[];
  quote(): Promise<Quote>;
  /** Records the planned resources, then rents. */
  rent(): Promise<void>;
  /** Releases everything in the ledger, repeatedly like core, up to ten times. */
  releaseAll(by?: Provider): Promise<readonly Resource[]>;
  /** Creates a new provider for the same ledger and cloud, by default with the same key. */
  anotherProvider(apiKey?: string): Provider;
  requestStop(): void;
  readonly statusMessages: string[];
  /** Counts our resources in the cloud. */
  ours(): { readonly instances: number; readonly keys: number };
  /** Lists the ids of the resources of others. */
  others(): readonly string[];
}

export async function createTestbed(
  options: LambdaOptions = {},
  cloud: Partial<EmulatorOptions> = {},
): Promise<Testbed> {
  const folder = await mkdtemp(join(tmpdir(), "ut-la-"));
  const clock = virtualClock();
  const emulator = await startEmulator({ folder, clock, limitsLaunches: true, ...cloud });
  onTestFinished(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const common = { baseUrl: emulator.url, apiKey: emulator.apiKey, now: clock.now };
  const provider = lambda({ ...common, gpu: "H100:1", ...options });
  const stopRequest = new AbortController();
  const statusMessages: string[] = [];
  let ledger: readonly Resource[] = [];
  const remember = (resource: Resource) => {
    const noted = { ...resource, recordedAt: new Date(clock.now()).toISOString() };
    ledger = [...ledger.filter((tracked) => !isSameResource(tracked, noted)), noted];
  };
  const context: LeaseContext = {
    signal: new AbortController().signal,
    secret: () => {},
    showStatus: (message) => void statusMessages.push(message),
    wait: (ms) => clock.wait(ms),
    runId: "20261124-001530-x7q2",
    leaseId,
    folder,
    publicKey,
    record: async (resource) => remember(resource),
    stopSignal: stopRequest.signal,
  };
  const quote = () => provider.quote({ diskBytes: 1e9 }, context);
  return {
    emulator,
    provider,
    context,
    clock,
    resources: () => ledger,
    quote,
    async rent() {
      const quoted = await quote();
      for (const resource of provider.listPlannedResources(leaseId, quoted)) remember(resource);
      await provider.lease(quoted, context);
    },
    async releaseAll(by = provider) {
      for (let attempt = 0; attempt < 10 && ledger.length > 0; attempt += 1) {
        const proofs = await by.release(ledger, context).catch((error: Error) => {
          statusMessages.push(error.message);
          return [];
        });
        ledger = ledger.filter(
          (tracked) => !proofs.some(({ resource }) => isSameResource(resource, tracked)),
        );
      }
      return ledger;
    },
    anotherProvider: (apiKey = emulator.apiKey) =>
      lambda({ ...(provider.recipe?.options as object), apiKey, now: clock.now }),
    requestStop: () => stopRequest.abort(new Error("unwanted")),
    statusMessages,
    ours: () => ({
      instances: emulator.instances().filter(({ isForeign }) => !isForeign).length,
      keys: emulator.keys().filter(({ isForeign }) => !isForeign).length,
    }),
    others: () =>
      [...emulator.instances(), ...emulator.keys()].flatMap(({ id, isForeign }) => (isForeign ? [id] : [])),
  };
}

function isSameResource(a: Resource, b: Resource): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false;
  return a.id === undefined || b.id === undefined || a.id === b.id;
}
