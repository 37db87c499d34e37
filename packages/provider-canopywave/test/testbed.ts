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

/** An emulated cloud, a provider on it, and a ledger, all on one clock that jumps. */
export interface Testbed {
  readonly emulator: Emulator;
  readonly provider: Provider;
  readonly context: LeaseContext;
  readonly clock: ReturnType<typeof virtualClock>;
  /** As core's ledger has it. */
  resources(): readonly Resource[];
  /** Writes the intent, then rents. */
  rent(quote?: Quote): Promise<void>;
  /** Gives everything back that the ledger has, as core does: again and again, here up to ten times. */
  releaseAll(): Promise<readonly Resource[]>;
  /** The same ledger and cloud, and a provider made anew. */
  anotherProcess(): Pick<Testbed, "provider" | "releaseAll">;
  /** Nobody wants the machine any more. */
  unwant(): void;
  readonly said: string[];
  readonly secrets: Set<string>;
  /** What exists there and is ours. */
  ours(): { readonly instances: number; readonly addresses: number; readonly keys: number };
  /** What colleagues have: as in the beginning, or at least all of it still there. */
  others(): "untouched" | "kept" | "gone";
}

export async function testbed(
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
  const wish = new AbortController();
  const said: string[] = [];
  const secrets = new Set<string>();
  let ledger: readonly Resource[] = [];
  const known = (resource: Resource) => {
    const noted = { ...resource, recordedAt: new Date(clock.now()).toISOString() };
    const rest = ledger.filter((one) => !isSame(one, noted));
    ledger = noted.onRelease === "end" ? [...rest, noted] : rest;
  };
  const context: LeaseContext = {
    signal,
    secret: (value) => void secrets.add(value),
    showStatus: (message) => void said.push(message),
    wait: (ms) => clock.wait(ms),
    runId: "20261124-001530-x7q2",
    leaseId,
    folder,
    publicKey,
    record: async (resource) => known(resource),
    stopSignal: wish.signal,
  };
  const releaseAll = async (by: Provider) => {
    for (let attempt = 0; attempt < 10 && ledger.length > 0; attempt += 1) {
      const proofs = await by.release(ledger, context).catch((error: Error) => {
        said.push(error.message);
        return [];
      });
      ledger = ledger.filter((one) => !proofs.some(({ resource }) => isSame(resource, one)));
    }
    return ledger;
  };
  const others = [...theirs(emulator)];
  return {
    emulator,
    provider,
    context,
    clock,
    said,
    secrets,
    resources: () => ledger,
    async rent(quote) {
      const taken = quote ?? (await provider.quote({ diskBytes: 1e9 }, context));
      for (const resource of provider.listPlannedResources(leaseId, taken)) known(resource);
      await provider.lease(taken, context);
    },
    releaseAll: () => releaseAll(provider),
    anotherProcess() {
      const again = canopywave({
        ...(provider.recipe?.options as object),
        apiKey: emulator.apiKey,
        now: clock.now,
      });
      return { provider: again, releaseAll: () => releaseAll(again) };
    },
    unwant: () => wish.abort(new Error("unwanted")),
    ours: () => ({
      instances: emulator.instances().filter(({ others }) => !others).length,
      addresses: emulator.addresses().filter(({ others }) => !others).length,
      keys: emulator.keys().filter(({ others }) => !others).length,
    }),
    others() {
      const now = [...theirs(emulator)];
      if (now.join() === others.join()) return "untouched";
      return others.every((one) => now.some((other) => other.split(" on ")[0] === one.split(" on ")[0]))
        ? "kept"
        : "gone";
    },
  };
}

function* theirs(emulator: Emulator): Generator<string> {
  for (const one of emulator.instances()) if (one.others) yield `instance ${one.id}`;
  for (const one of emulator.addresses()) if (one.others) yield `address ${one.id} on ${one.instanceId}`;
  for (const one of emulator.keys()) if (one.others) yield `key ${one.region} ${one.name}`;
}

function isSame(one: Resource, other: Resource): boolean {
  if (one.kind !== other.kind || one.name !== other.name) return false;
  return one.id === undefined || other.id === undefined || one.id === other.id;
}
