import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { startEmulator as startRunpod } from "@unitrain/cloud-emulator/runpod";
import { runLive, sweepLive, virtualClock } from "@unitrain/conformance";
import type { Provider, Resource } from "@unitrain/core/spec";
import { canopywave } from "@unitrain/provider-canopywave";
import { runpod } from "@unitrain/provider-runpod";
import { expect, it, onTestFinished } from "vitest";

async function createAccount() {
  const folder = await mkdtemp(join(tmpdir(), "ut-live-"));
  const clock = virtualClock();
  const emulator = await startEmulator({ folder: join(folder, "cloud"), clock });
  onTestFinished(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const questions: string[] = [];
  const options = {
    createProvider: () =>
      canopywave({ baseUrl: emulator.url, apiKey: emulator.apiKey, now: clock.now, gpu: "H100" }),
    budgetUsd: 10,
    ledgerFile: join(folder, "ledger.jsonl"),
    clock,
    print: (line: string) => void lines.push(line),
    async confirm(question: string) {
      questions.push(question);
      return true;
    },
  };
  const listOurs = () => [
    ...emulator.instances().filter(({ isForeign }) => !isForeign),
    ...emulator.addresses().filter(({ isForeign }) => !isForeign),
    ...emulator.keys().filter(({ isForeign }) => !isForeign),
  ];
  /** Rents as a run or a check does whose process is killed when its machine is requested. */
  const rentAndCrash = async (leaseId: string, ledger: Resource[] = []) => {
    const provider = options.createProvider();
    const context = {
      signal: new AbortController().signal,
      stopSignal: new AbortController().signal,
      secret: () => {},
      showStatus: () => {},
      wait: (ms: number) => clock.wait(ms),
      runId: leaseId.replace(/^[^-]+-/, "").replace(/-\d+$/, ""),
      leaseId,
      folder,
      publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9uZSBrZXkgb2YgYSBydW4sIG1hZGUgZm9yIHRlc3Rz test",
      record: async (resource: Resource) => void ledger.push(resource),
    };
    await provider.lease(await provider.quote({ diskBytes: 1e9 }, context), context);
    return ledger;
  };
  return { emulator, options, lines, questions, listOurs, rentAndCrash };
}

it("checks every live rule within the budget, after a question with the price, and leaves nothing", async () => {
  const { options, lines, questions, listOurs, emulator } = await createAccount();
  const foreign = emulator.instances().length;
  expect(await runLive(options), lines.join("\n")).toBe(true);
  expect(questions).toHaveLength(1);
  expect(lines.join("\n")).toMatch(/H100.*: \$2\.\d\d per hour[\s\S]*The budget is \$10\.00/);
  expect(lines.filter((line) => line.startsWith("kept"))).toHaveLength(20);
  expect(lines.at(-1)).toMatch(/^Spent about \$\d+\.\d\d\. Nothing of the checks is left/);
  expect(listOurs()).toEqual([]);
  expect(emulator.instances()).toHaveLength(foreign);
  expect(emulator.bill().totalUsd).toBeGreaterThan(0);
});

it("rents nothing without consent, and leaves out what exceeds the budget", async () => {
  const { options, lines, emulator } = await createAccount();
  expect(await runLive({ ...options, confirm: async () => false })).toBe(false);
  expect(await runLive({ ...options, budgetUsd: 0.001 })).toBe(false);
  expect(lines.filter((line) => line.startsWith("left out"))).toHaveLength(10);
  expect(emulator.bill().totalUsd).toBe(0);
});

it("names a broken rule, releases what it rented, and stops when it is told to", async () => {
  const { options, lines, listOurs } = await createAccount();
  const createProvider = (): Provider => {
    const provider = options.createProvider();
    return {
      ...provider,
      async getMachineState(...parameters) {
        const state = await provider.getMachineState(...parameters);
        return state.state === "running" ? { ...state, machine: { connectionKind: "local" } } : state;
      },
    };
  };
  const stop = new AbortController();
  const print = (line: string) => {
    lines.push(line);
    if (line.startsWith("BROKEN")) stop.abort();
  };
  expect(await runLive({ ...options, createProvider, print, signal: stop.signal })).toBe(false);
  expect(lines.at(-1)).toBe("Stopped. The remaining rules were not checked.");
  expect(lines.filter((line) => line.startsWith("BROKEN"))).toEqual([
    expect.stringContaining("provider/machine-fits-the-connection: The machine has the connectionKind local"),
  ]);
  expect(listOurs()).toEqual([]);
});

it("a sweep releases what a crashed check left, by its name and by its ledger, and nothing of a run", async () => {
  const { emulator, options, lines, listOurs, rentAndCrash } = await createAccount();
  await rentAndCrash("c0nf0r-20261124-001530-aaaa-1");
  const ledger = await rentAndCrash("c0nf0r-20261124-001530-bbbb-1");
  // Only the ledger knows the address of this one, because its machine was renamed.
  const [renamed] = emulator.instances().filter(({ name }) => name.includes("bbbb"));
  emulator.rename(renamed?.id ?? "", "renamed by a colleague");
  await writeFile(options.ledgerFile, `${JSON.stringify({ held: ledger })}\n`);
  const before = listOurs().length;
  await rentAndCrash("k3f9ab-20261124-001530-cccc-1");
  const run = listOurs().length - before;
  expect(await sweepLive(options), lines.join("\n")).toBe(true);
  expect(listOurs()).toHaveLength(run);
  expect(JSON.stringify(listOurs())).not.toMatch(/c0nf0r|renamed/);
});

it("a sweep that cannot ask the account says so and fails", async () => {
  const { options, lines, emulator, rentAndCrash, listOurs } = await createAccount();
  await rentAndCrash("c0nf0r-20261124-001530-aaaa-1");
  emulator.inject({ fault: "unauthorized", times: Number.POSITIVE_INFINITY });
  expect(await sweepLive(options)).toBe(false);
  expect(lines.join("\n")).toContain("CANNOT CHECK THE ACCOUNT");
  expect(listOurs().length).toBeGreaterThan(0);
  emulator.clearFaults();
  const createProvider = (): Provider => {
    const { list: _, ...provider } = options.createProvider();
    return provider;
  };
  expect(await sweepLive({ ...options, createProvider })).toBe(false);
  expect(lines.join("\n")).toContain("The provider has no list()");
  await writeFile(options.ledgerFile, '{"held":[{"kind":"instance"\n');
  expect(await sweepLive(options)).toBe(false);
  expect(lines.join("\n")).toContain("Cannot read line 1");
  expect(await readFile(options.ledgerFile, "utf8")).toContain("held");
});

it("checks every live rule of RunPod within the budget, and leaves nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ut-live-"));
  const clock = virtualClock();
  const emulator = await startRunpod({ folder: join(folder, "cloud"), clock });
  onTestFinished(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const isLive = await runLive({
    createProvider: () =>
      runpod({ baseUrl: emulator.url, apiKey: emulator.apiKey, now: clock.now, gpu: "RTX 4090" }),
    budgetUsd: 5,
    ledgerFile: join(folder, "ledger.jsonl"),
    clock,
    print: (line) => void lines.push(line),
    confirm: async () => true,
  });
  expect(isLive, lines.join("\n")).toBe(true);
  expect(lines.filter((line) => line.startsWith("kept"))).toHaveLength(20);
  expect(lines.at(-1)).toMatch(/Nothing of the checks is left/);
  expect(emulator.instances().filter(({ isForeign }) => !isForeign)).toEqual([]);
});
