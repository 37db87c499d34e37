import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type FaultName, startEmulator } from "@unitrain/cloud-emulator/lambda";
import { type ProviderSubject, virtualClock } from "@unitrain/conformance";
import { lambda } from "@unitrain/provider-lambda";
import { createAnswerProxy } from "./answer-proxy.ts";

/** Creates the provider of Lambda with an emulated cloud and a virtual clock. */
export async function createLambdaSubject(): Promise<ProviderSubject> {
  const folder = await mkdtemp(join(tmpdir(), "ut-conformance-"));
  const clock = virtualClock();
  const emulator = await startEmulator({ folder, clock });
  const proxy = createAnswerProxy();
  const common = { apiKey: emulator.apiKey, now: clock.now, fetch: proxy.fetch };
  const always = (fault: FaultName) => () => void emulator.inject({ fault, times: Number.POSITIVE_INFINITY });
  const once = (fault: FaultName) => () => void emulator.inject({ fault });
  return {
    provider: lambda({ ...common, baseUrl: emulator.url, gpu: "H100:1" }),
    recreate: ({ options }) => lambda({ ...(options as object), ...common }),
    clock,
    secrets: [emulator.apiKey],
    listExisting: () => [
      ...emulator.instances().map(({ id, name }) => ({ kind: "instance", id, name, isFree: false })),
      ...emulator.keys().map(({ id, name }) => ({ kind: "ssh-key", id, name, isFree: true })),
    ],
    faults: {
      "lost-answer": (kind) =>
        void emulator.inject({ fault: kind === "instance" ? "launch-answer-lost" : "key-answer-lost" }),
      // Keys cannot share a name.
      "created-twice": (kind) => {
        if (kind === "instance") emulator.inject({ fault: "launch-twice" });
      },
      "ignored-delete": once("terminate-ignored"),
      "missing-once": () => void emulator.inject({ fault: "not-found", calls: ["instance"] }),
      "machine-lost": () => terminateOurs(emulator),
      "unknown-status": () => proxy.change((text) => text.replace(/"active"/g, '"pondering"')),
      "rate-limit": () => void emulator.inject({ fault: "rate-limited", times: 2 }),
      "out-of-stock": always("launch-insufficient-capacity"),
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

/** Terminates our instances, as somebody does in the provider's console. */
async function terminateOurs(emulator: Emulator): Promise<void> {
  const ids = emulator.instances().flatMap(({ id, isForeign }) => (isForeign ? [] : [id]));
  await fetch(`${emulator.url}/instance-operations/terminate`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ instance_ids: ids }),
  });
}
