import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type FaultName, startEmulator } from "@unitrain/cloud-emulator/runpod";
import { type ProviderSubject, virtualClock } from "@unitrain/conformance";
import { runpod } from "@unitrain/provider-runpod";
import { createAnswerProxy } from "./answer-proxy.ts";

/** Creates the provider of RunPod with an emulated cloud and a virtual clock. */
export async function createRunpodSubject(): Promise<ProviderSubject> {
  const folder = await mkdtemp(join(tmpdir(), "ut-conformance-"));
  const clock = virtualClock();
  const emulator = await startEmulator({ folder, clock });
  const proxy = createAnswerProxy();
  const common = { apiKey: emulator.apiKey, now: clock.now, fetch: proxy.fetch };
  const always = (fault: FaultName) => () => void emulator.inject({ fault, times: Number.POSITIVE_INFINITY });
  const once = (fault: FaultName) => () => void emulator.inject({ fault });
  return {
    provider: runpod({ ...common, baseUrl: emulator.url, gpu: "RTX 4090" }),
    recreate: ({ options }) => runpod({ ...(options as object), ...common }),
    clock,
    secrets: [emulator.apiKey],
    listExisting: () =>
      emulator.instances().map(({ id, name }) => ({ kind: "pod", id, name, isFree: false })),
    faults: {
      "lost-answer": once("launch-answer-lost"),
      "created-twice": once("launch-twice"),
      "ignored-delete": once("terminate-ignored"),
      "missing-once": () => void emulator.inject({ fault: "not-found", calls: ["pod"] }),
      "machine-lost": () => terminateOurs(emulator),
      "unknown-status": () => proxy.change((text) => text.replace(/"RUNNING"/g, '"PONDERING"')),
      "rate-limit": () => void emulator.inject({ fault: "rate-limited", times: 2 }),
      "out-of-stock": always("out-of-stock"),
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

/** Terminates our pods, as somebody does in the provider's console. */
async function terminateOurs(emulator: Emulator): Promise<void> {
  for (const { id, isForeign } of emulator.instances()) {
    if (isForeign) continue;
    const headers = { authorization: `Bearer ${emulator.apiKey}` };
    await fetch(`${emulator.url}/v2/pods/${id}`, { method: "DELETE", headers });
  }
}
