import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type FaultName, startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { type ExistingResource, type ProviderSubject, virtualClock } from "@unitrain/conformance";
import { canopywave } from "@unitrain/provider-canopywave";
import { createAnswerProxy } from "./answer-proxy.ts";

/** Creates the provider of CanopyWave with an emulated cloud and a virtual clock. */
export async function createCanopywaveSubject(): Promise<ProviderSubject> {
  const folder = await mkdtemp(join(tmpdir(), "ut-conformance-"));
  const clock = virtualClock();
  const emulator = await startEmulator({ folder, clock });
  const proxy = createAnswerProxy();
  const common = { apiKey: emulator.apiKey, now: clock.now, fetch: proxy.fetch };
  const always = (fault: FaultName) => () => void emulator.inject({ fault, times: Number.POSITIVE_INFINITY });
  const once = (fault: FaultName) => () => void emulator.inject({ fault });
  return {
    provider: canopywave({ ...common, baseUrl: emulator.url, gpu: "H100", region: "sequoia" }),
    recreate: ({ options }) => canopywave({ ...(options as object), ...common }),
    clock,
    secrets: [emulator.apiKey],
    listExisting: () => listExisting(emulator),
    faults: {
      "lost-answer": (kind) => injectFor(emulator, lostAnswers, kind),
      // Keys cannot share a name, and an address has none.
      "created-twice": (kind) => injectFor(emulator, { instance: "launch-twice" }, kind),
      "ignored-delete": once("terminate-ignored"),
      "missing-once": () => void emulator.inject({ fault: "not-found", calls: ["instance"] }),
      "machine-lost": () => terminateOurs(emulator),
      "unknown-status": () => proxy.change((text) => text.replace(/"ACTIVE"/g, '"PONDERING"')),
      "rate-limit": () => void emulator.inject({ fault: "rate-limited", times: 2 }),
      "out-of-stock": always("launch-insufficient"),
      "price-raised": always("price-changed"),
      outage: always("server-error"),
      silence: always("no-answer"),
      unauthorized: always("unauthorized"),
      "hostile-text": always("escape-codes"),
      "echoed-secret": () => proxy.refuse(`the key ${emulator.apiKey} may not do this`),
    },
    clearFaults() {
      emulator.clearFaults();
      proxy.clear();
    },
    async close() {
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const lostAnswers = {
  instance: "launch-answer-lost",
  address: "address-answer-lost",
  "ssh-key": "key-answer-lost",
} satisfies Record<string, FaultName>;

function injectFor(emulator: Emulator, faults: Readonly<Record<string, FaultName>>, kind: string): void {
  const fault = faults[kind];
  if (fault !== undefined) emulator.inject({ fault });
}

function listExisting(emulator: Emulator): readonly ExistingResource[] {
  return [
    ...emulator.instances().map(({ id, name }) => ({ kind: "instance", id, name, isFree: false })),
    ...emulator.addresses().map(({ id }) => ({ kind: "address", id, isFree: false })),
    ...emulator.keys().map(({ name }) => ({ kind: "ssh-key", id: name, name, isFree: true })),
  ];
}

/** Terminates our instances, as somebody does in the provider's console. */
async function terminateOurs(emulator: Emulator): Promise<void> {
  for (const { id, project, region, isForeign } of emulator.instances()) {
    if (isForeign) continue;
    await fetch(`${emulator.url}/instance-operations/terminate`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ project, region, id }),
    });
  }
}
