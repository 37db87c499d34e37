import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KeptMachine } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { createEngineHarness, getLeaseLedgerPath } from "./engine-harness.ts";
import { createProcess, keepMachine, killWhileTaking, plan } from "./kept-machine.ts";

const minutes = 60_000;
const cents = (usd: number) => Math.round(usd * 100);

describe("a machine that a completed run kept", () => {
  test("is used by the next run through a provision hook, rented and released once, with its cost split", async () => {
    const harness = await createEngineHarness();
    const { run: first } = await keepMachine(harness);
    const { receipt } = await first.result;
    expect(receipt.lease).toMatchObject({ release: "kept", unconfirmed: [], proofs: [] });
    expect(harness.cloud.alive()).toHaveLength(3);
    // The files of the run are removed from a machine that the next run uses, but its keys stay.
    expect([...harness.cloud.files.keys()].filter((path) => path.includes(first.id))).toEqual([]);
    expect(await readdir(dirname(getLeaseLedgerPath(harness, first)))).toContain("keys");
    harness.clock.advance(10 * minutes);
    const seen: KeptMachine[] = [];
    const unitrain = createProcess(harness, seen);
    const planned = await plan(unitrain, harness, "second");
    expect(seen).toMatchObject([
      { provider: "memory", priceUsdPerHour: 2.25, keepUntil: receipt.lease.keepUntil },
    ]);
    expect(planned.leaseId).toBe(seen[0]?.leaseId);
    const second = await unitrain.start(planned);
    const { outcome, receipt: last } = await second.result;
    expect([outcome, last.lease.release]).toEqual(["completed", "released"]);
    expect(harness.cloud.alive()).toEqual([]);
    expect(harness.cloud.bill.filter(({ kind }) => kind === "instance")).toHaveLength(1);
    expect(last.lease.proofs).toHaveLength(3);
    // The complete cost, from the first paid resource to the proof that it is gone.
    const instance = harness.cloud.bill.find(({ kind }) => kind === "instance");
    const idle = last.lease.idle ?? { seconds: 0, costUsd: 0 };
    expect(idle.seconds).toBeGreaterThanOrEqual(600);
    const gone = Math.max(...last.lease.proofs.map(({ goneAt }) => Date.parse(goneAt)));
    const seconds = (gone - (instance?.since ?? 0)) / 1000;
    const total = cents(receipt.lease.costUsd) + cents(idle.costUsd) + cents(last.lease.costUsd);
    expect(Math.abs(total - (seconds / 3600) * 225)).toBeLessThanOrEqual(1);
    expect((await harness.process().runs()).map(({ costUsd, unreleased }) => [costUsd, unreleased])).toEqual([
      [last.lease.costUsd, []],
      [receipt.lease.costUsd, []],
    ]);
    expect(await readdir(dirname(getLeaseLedgerPath(harness, first)))).not.toContain("keys");
    const types = (await readFile(getLeaseLedgerPath(harness, first), "utf8")).match(
      /"type":"(idle|held|releasing)"/g,
    );
    expect(types).toEqual(['"type":"idle"', '"type":"held"', '"type":"releasing"']);
  });

  test("is used by one run only, and not after its time", async () => {
    const harness = await createEngineHarness();
    await keepMachine(harness);
    const unitrain = createProcess(harness);
    const [one, other] = [await plan(unitrain, harness, "one"), await plan(unitrain, harness, "other")];
    expect(one.leaseId).toBe(other.leaseId);
    const run = await unitrain.start(one);
    await expect(unitrain.start(other)).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    await run.result;
    // The run that took the machine releases it: another run neither takes it nor rents for it.
    await expect(unitrain.start(other)).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    expect(harness.cloud.bill).toHaveLength(3);

    const late = await createEngineHarness();
    await keepMachine(late, 5);
    const process = createProcess(late);
    const planned = await plan(process, late, "late");
    late.clock.advance(6 * minutes);
    await expect(process.start(planned)).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    expect((await plan(process, late, "later")).leaseId).toBeUndefined();
    await process.gc();
    expect(late.cloud.alive()).toEqual([]);
  });

  test("is released by the guardian at the end of its time, not earlier", async () => {
    const harness = await createEngineHarness();
    const { guardian } = await keepMachine(harness);
    const until = harness.clock.now() + 30 * minutes;
    await guardian?.release();
    await harness.process().guard();
    const endings = harness.cloud.bill.map(({ endingAt }) => endingAt ?? 0);
    expect(Math.min(...endings)).toBeGreaterThanOrEqual(until);
    // Virtual time runs on while real files are read, which takes longer on a busy computer.
    expect(Math.max(...endings)).toBeLessThan(until + 10 * minutes);
    expect(harness.cloud.alive()).toEqual([]);
    expect((await harness.process().runs())[0]).toMatchObject({ leases: [{ stage: "released" }] });
  });

  test("is released by gc at once, because no process uses it", async () => {
    const harness = await createEngineHarness();
    const { run: first } = await keepMachine(harness);
    const dry = await harness.process().gc({ dryRun: true });
    expect(dry.pending.map(({ runId }) => runId)).toEqual([first.id, first.id, first.id]);
    expect(await harness.process().listUntracked()).toEqual([]);
    // Every process can see its costs, and a running guardian is enough to release it.
    const [lease, ...others] = await harness.process().leases();
    expect(lease).toMatchObject({ stage: "idle", priceUsdPerHour: 2.25, unreleased: { length: 3 } });
    expect(others).toEqual([]);
    expect(await harness.process().wakeGuardian()).toEqual({ runs: [] });
    const report = await harness.process().gc();
    expect(report).toMatchObject({ released: { length: 3 }, unconfirmed: [], driven: [] });
    expect(await harness.process().leases()).toEqual([]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is not kept without a guardian, nor after a run that failed", async () => {
    const harness = await createEngineHarness();
    const unitrain = createProcess(harness);
    const run = await unitrain.start(await plan(unitrain, harness, "unguarded", 30));
    expect((await run.result).receipt.lease.release).toBe("released");
    await harness.locks.take(join(harness.home, "guardian.lock"));
    harness.cloud.training.exitCode = 1;
    const failed = await unitrain.start(await plan(unitrain, harness, "failed", 30));
    await expect(failed.result).rejects.toMatchObject({ code: "TRAINING_FAILED" });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is rented once, and nothing stays paid, when the next run is killed at every tenth step", async () => {
    await killWhileTaking(10);
  }, 60_000);
});
