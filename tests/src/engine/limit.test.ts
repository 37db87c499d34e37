import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createLifetime, killablePorts, memoryProvider } from "@unitrain/conformance";
import { openRuns, type Run } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import {
  collectEvents,
  createEngineHarness,
  type EngineHarness,
  getLeaseLedgerPath,
} from "./engine-harness.ts";

const priceUsdPerHour = 3.6; // $0.001 a second
const epochs = (count: number) =>
  Array.from(
    { length: count },
    (_, at) => `epoch ${at + 1}/${count} loss ${(1 / (at + 1)).toFixed(3)}\n`,
  ).join("");

/** A training of an hour. */
async function longStage(): Promise<EngineHarness> {
  const harness = await createEngineHarness({ priceUsdPerHour });
  // Budgets count minutes, so no virtual time may pass while a file is read.
  harness.clock.waitForFiles(500);
  harness.cloud.training.log = epochs(60);
  harness.cloud.training.durationMs = 3600_000;
  return harness;
}

/** Returns the seconds in which a resource was alive, by the provider's own records. */
function billedSeconds(harness: EngineHarness): number {
  return Math.max(
    ...harness.cloud.bill.map(({ since, endingAt }) => ((endingAt ?? Infinity) - since) / 1000),
  );
}

async function start(
  harness: EngineHarness,
  limits: { budgetUsd?: number; maxHours?: number },
  lifetime = createLifetime(),
) {
  const unitrain = harness.process({ lifetime });
  return unitrain.start(await unitrain.plan({ data: ".", out: harness.out, ...limits }));
}

/** Starts a run with a guardian that checks only after we have detached, because in virtual time its next check would be hours later. */
async function detachFrom(harness: EngineHarness, run: Run): Promise<void> {
  const armed = await harness.locks.take(join(harness.home, "guardian.lock"));
  await run.detach();
  await armed?.release();
}

describe("a budget", () => {
  test("ends the training in time, and the best model is downloaded", async () => {
    const harness = await longStage();
    const run = await start(harness, { budgetUsd: 1.8 }); // 30 minutes
    const events = await collectEvents(run);
    const { outcome, artifacts, receipt } = await run.result;
    expect([outcome, receipt.stoppedBy]).toEqual(["stopped", "limit"]);
    expect(artifacts.some(({ role }) => role === "model")).toBe(true);
    expect(receipt.lease.costUsd).toBeLessThanOrEqual(1.8);
    expect(receipt.lease.costUsd).toBeGreaterThan(1.5);
    const cents = (usd: number) => Math.round(usd * 100);
    const costs = receipt.lease.costs ?? [];
    expect(costs.reduce((sum, { usd }) => sum + cents(usd), 0)).toBe(cents(receipt.lease.costUsd));
    expect((await harness.process().runs())[0]?.costUsd).toBe(receipt.lease.costUsd);
    // The costs start with the instance, not with the key that was registered before it.
    const [instance] = events.filter((event) => event.type === "billing");
    expect(events.filter((event) => event.type === "billing")).toHaveLength(1);
    expect(Date.parse(instance?.since ?? "")).toBeGreaterThanOrEqual(
      Math.min(...harness.cloud.bill.filter(({ kind }) => kind === "instance").map(({ since }) => since)),
    );
    expect(billedSeconds(harness)).toBeLessThanOrEqual(1800);
    expect(events).toContainEqual(expect.objectContaining({ type: "deadline" }));
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("causes one early warning when it does not suffice for all epochs", async () => {
    const harness = await longStage();
    const run = await start(harness, { budgetUsd: 1.8 });
    const events = await collectEvents(run);
    const warnings = events.filter((event) => event.type === "warning" && /of 60 epochs/.test(event.message));
    expect(warnings).toHaveLength(1);
    const epochsBefore = events.filter(
      (event) => event.type === "progress" && event.complete && event.seq < (warnings[0]?.seq ?? 0),
    );
    expect(epochsBefore.length).toBeLessThanOrEqual(4);
  });

  test("causes no warning when it suffices", async () => {
    const harness = await longStage();
    const run = await start(harness, { budgetUsd: 8 });
    const events = await collectEvents(run);
    expect((await run.result).outcome).toBe("completed");
    expect(events.filter((event) => event.type === "warning" && /epochs/.test(event.message))).toEqual([]);
  });

  test("is kept while the machine is unreachable, and when the download hangs", async () => {
    for (const call of ["session.follow-part", "session.stop", "session.fetch", "session.list"]) {
      const harness = await longStage();
      harness.cloud.faults.on(call, "cut", 10_000);
      const run = await start(harness, { budgetUsd: 1.8 });
      await run.result.catch(() => {});
      expect(billedSeconds(harness), call).toBeLessThanOrEqual(1800 + 30);
      expect(harness.cloud.alive(), call).toEqual([]);
    }
  });

  test("releases the machine with an error when it is used up before the training started", async () => {
    const harness = await longStage();
    harness.cloud.pollsUntilRunning = 100_000;
    const run = await start(harness, { maxHours: 0.2 });
    await expect(run.result).rejects.toMatchObject({ code: expect.stringMatching(/TIMED_OUT|NOT_READY/) });
    expect(billedSeconds(harness)).toBeLessThanOrEqual(720 + 30);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is enforced as soon as a computer wakes up after the limit", async () => {
    const harness = await longStage();
    const run = await start(harness, { maxHours: 0.5 });
    for await (const event of run.events) if (event.type === "progress" && event.done === 2) break;
    const before = harness.clock.now();
    harness.clock.advance(8 * 3600_000);
    const { receipt } = await run.result;
    expect(receipt.lease.release).toBe("released");
    expect(harness.clock.now() - before - 8 * 3600_000).toBeLessThan(300_000);
    expect(harness.cloud.alive()).toEqual([]);
  });
});

describe("a guardian", () => {
  test("allows detaching from a rented machine, and downloads the model", async () => {
    const harness = await longStage();
    const run = await start(harness, { budgetUsd: 8 });
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    await detachFrom(harness, run);
    await harness.process().guard();
    const [summary] = await harness.process().runs();
    expect(summary).toMatchObject({ state: "over", outcome: "completed", unreleased: [] });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is required for detaching from a rented machine", async () => {
    const harness = await longStage();
    const run = await start(harness, {});
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    await expect(run.detach()).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    await run.stop();
  });

  test.each([
    "ledger leased: after",
    "session.ship: after",
    "session.follow: after",
    "session.fetch: before",
  ])("continues a run whose process died at %s", async (step) => {
    const harness = await longStage();
    const lifetime = createLifetime();
    const pass = lifetime.pass.bind(lifetime);
    lifetime.pass = async (name) => {
      if (name === step) lifetime.kill();
      return pass(name);
    };
    await start(harness, { budgetUsd: 8 }, lifetime);
    await lifetime.death;
    await harness.process().guard();
    const [summary] = await harness.process().runs();
    expect(summary).toMatchObject({ state: "over", outcome: "completed" });
    expect(harness.cloud.alive()).toEqual([]);
    expect([...harness.cloud.starts.values()]).toEqual([1, 1]);
  });

  test("releases what a process may have rented when it died", async () => {
    const harness = await longStage();
    const lifetime = createLifetime();
    const pass = lifetime.pass.bind(lifetime);
    lifetime.pass = async (name) => {
      if (name === "provider.instance: after") lifetime.kill();
      return pass(name);
    };
    await start(harness, { budgetUsd: 8 }, lifetime);
    await lifetime.death;
    await harness.process().guard();
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("keeps the budget of a run that it took over", async () => {
    const harness = await longStage();
    harness.cloud.training.durationMs = 1_000 * 3600_000;
    const run = await start(harness, { budgetUsd: 1.8 });
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    await detachFrom(harness, run);
    await harness.process().guard();
    // Its checks every 2 s let virtual time pass beside real files, so the test only asserts that it stopped long before the training's end.
    expect(billedSeconds(harness)).toBeLessThanOrEqual(1800 + 180);
    const [summary] = await harness.process().runs();
    expect(summary).toMatchObject({ outcome: "stopped" });
  });

  test("releases at the limit, not earlier, even when an adapter cannot be loaded", async () => {
    const harness = await longStage();
    harness.cloud.training.durationMs = 1_000 * 3600_000;
    const run = await start(harness, { budgetUsd: 1.8 });
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    await detachFrom(harness, run);
    const load = async () => {
      throw new Error("not installed");
    };
    const ports = killablePorts(createLifetime(), harness.clock, harness.locks);
    const warnings: string[] = [];
    await openRuns(
      { home: harness.home, guardian: false, ports, load },
      { provider: memoryProvider(harness.cloud, { priceUsdPerHour }) },
    ).guard({ showStatus: (message) => void warnings.push(message) });
    expect(warnings.filter((message) => /Cannot load/.test(message))).toHaveLength(1);
    expect(harness.cloud.alive()).toEqual([]);
    // Its checks are minutes apart: it must release at the limit, and not while the machine trains.
    expect(billedSeconds(harness)).toBeGreaterThanOrEqual(1800 - 60);
    expect(billedSeconds(harness)).toBeLessThanOrEqual(1800 + 180);
    const [summary] = await harness.process().runs();
    expect(summary).toMatchObject({ state: "over", unreleased: [] });
  });

  test("retries unconfirmed releases, and runs once per state folder", async () => {
    const harness = await longStage();
    harness.cloud.training.durationMs = 1_000;
    harness.cloud.faults.on("provider.release", "throws", 60);
    const run = await start(harness, { budgetUsd: 8 });
    await expect(run.result).rejects.toMatchObject({ code: "RELEASE_UNCONFIRMED" });
    await Promise.all([harness.process().guard(), harness.process().guard()]);
    const [summary] = await harness.process().runs();
    expect(summary).toMatchObject({ state: "over", unreleased: [] });
  });
});

describe("gc", () => {
  test("with a dry run only lists, and names the process of each run that it leaves alone", async () => {
    const harness = await longStage();
    const lifetime = createLifetime();
    const dead = await start(harness, {}, lifetime);
    for await (const event of dead.events) if (event.type === "job" && event.state === "started") break;
    lifetime.kill();
    const living = await start(harness, {});
    for await (const event of living.events) if (event.type === "job" && event.state === "started") break;
    const listed = await harness.process().gc({ dryRun: true });
    expect(listed.pending.map(({ runId, resource }) => [runId, resource.kind]).sort()).toEqual([
      [dead.id, "address"],
      [dead.id, "instance"],
      [dead.id, "ssh-key"],
    ]);
    expect(listed.driven).toMatchObject([{ runId: living.id, name: living.name }]);
    expect(harness.cloud.alive()).toHaveLength(6);
    await harness.process().gc();
    expect(harness.cloud.alive()).toHaveLength(3);
    await living.stop();
  });

  test("finds resources of a lost ledger by name, and none that another ledger contains", async () => {
    const harness = await longStage();
    const lifetime = createLifetime();
    const lost = await start(harness, {}, lifetime);
    for await (const event of lost.events) if (event.type === "job" && event.state === "started") break;
    lifetime.kill();
    // Its process may still complete its last write.
    for (const folder of [lost.paths.folder, dirname(getLeaseLedgerPath(harness, lost))])
      await rm(folder, { recursive: true, maxRetries: 5 });
    const living = await start(harness, {});
    for await (const event of living.events) if (event.type === "job" && event.state === "started") break;
    const unitrain = harness.process();
    const untracked = await unitrain.listUntracked();
    expect(untracked.every(({ name }) => name.includes(lost.id))).toBe(true);
    expect(untracked.map(({ kind }) => kind).sort()).toEqual(["instance", "ssh-key"]);
    const proofs = await unitrain.releaseUntracked(untracked);
    expect(proofs).toHaveLength(2);
    await living.stop();
    expect(harness.cloud.alive().map(({ kind }) => kind)).toEqual(["address"]);
  });

  test("releases resources by the ledger of the lease when the run's own records are lost", async () => {
    const harness = await longStage();
    const lifetime = createLifetime();
    const lost = await start(harness, {}, lifetime);
    for await (const event of lost.events) if (event.type === "job" && event.state === "started") break;
    lifetime.kill();
    await rm(lost.paths.folder, { recursive: true, maxRetries: 5 });
    const unitrain = harness.process();
    expect(await unitrain.listUntracked()).toEqual([]);
    expect(await unitrain.gc()).toMatchObject({ unconfirmed: [], released: { length: 3 } });
    expect(harness.cloud.alive()).toEqual([]);
  });
});
