import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { killBetweenAttempts, loseFirstMachine, start } from "./attempts.ts";
import { collectEvents, createEngineHarness, getLeaseLedgerPath, joinLog } from "./engine-harness.ts";

function entryTypes(text: string): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).type);
}

describe("a run whose first machine is lost after its job began", () => {
  test("releases it with proof, completes on a second one, and lists both in the receipt", async () => {
    const harness = await createEngineHarness();
    loseFirstMachine(harness);
    const run = await start(harness);
    const events = await collectEvents(run);
    const { outcome, receipt } = await run.result;
    expect([outcome, receipt.lease.release]).toEqual(["completed", "released"]);
    expect(harness.cloud.alive()).toEqual([]);
    expect(receipt.attempts).toMatchObject([
      { number: 1, leases: [expect.stringMatching(/-1$/)], error: { code: "MACHINE_GONE" } },
      { number: 2, leases: [expect.stringMatching(/-2$/)] },
    ]);
    expect(receipt.attempts?.[1]?.error).toBeUndefined();
    expect(receipt.lease.proofs).toHaveLength(6);
    // The first machine costs nothing any more when the second one is rented.
    const bill = harness.cloud.bill.filter(({ kind }) => kind === "instance");
    expect(bill).toHaveLength(2);
    const firstGone = Math.max(...receipt.lease.proofs.slice(0, 3).map(({ goneAt }) => Date.parse(goneAt)));
    expect(bill[1]?.since).toBeGreaterThanOrEqual(firstGone);
    // The shares add up to the total cost in the receipt and in the list.
    const cents = (usd: number) => Math.round(usd * 100);
    const shares = receipt.attempts?.map(({ costUsd }) => costUsd) ?? [];
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(cents(shares.reduce((sum, usd) => sum + usd, 0))).toBe(cents(receipt.lease.costUsd));
    const parts = receipt.lease.costs ?? [];
    expect(cents(parts.reduce((sum, { usd }) => sum + usd, 0))).toBe(cents(receipt.lease.costUsd));
    expect((await harness.process().runs())[0]).toMatchObject({
      state: "over",
      costUsd: receipt.lease.costUsd,
      leases: [{ stage: "released" }, { stage: "released" }],
    });
    // The complete second log follows the received part of the first.
    expect(joinLog(events).endsWith(harness.cloud.training.log)).toBe(true);
    expect(await readFile(run.paths.log, "utf8")).toBe(joinLog(events));
    expect(events.filter(({ type }) => type === "attempt")).toMatchObject([{ number: 2 }]);
    expect(receipt.epochs).toEqual({ done: 5, total: 5 });
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: best");
    const types = entryTypes(await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8"));
    expect(types.filter((type) => /^(intent|attempt|attempt-ended|finished)$/.test(type))).toEqual([
      "intent",
      "attempt-ended",
      "attempt",
      "finished",
    ]);
    for (const attempt of [1, 2])
      expect(entryTypes(await readFile(getLeaseLedgerPath(harness, run, attempt), "utf8"))[0]).toBe(
        "planned",
      );
  });

  test("rents no second one without retries in the plan, before the first is confirmed gone, or beyond the budget", async () => {
    const lost = { code: "MACHINE_GONE" };
    const plain = await createEngineHarness();
    loseFirstMachine(plain);
    await expect((await start(plain, { retries: 0 })).result).rejects.toMatchObject(lost);
    expect(plain.cloud.bill).toHaveLength(3);

    const unconfirmed = await createEngineHarness();
    loseFirstMachine(unconfirmed);
    unconfirmed.cloud.faults.on("provider.release", "throws", 10_000);
    await expect((await start(unconfirmed)).result).rejects.toMatchObject({ code: "RELEASE_UNCONFIRMED" });
    expect(unconfirmed.cloud.bill).toHaveLength(3);

    const dear = await createEngineHarness({ upfrontUsd: 1 });
    loseFirstMachine(dear);
    await expect((await start(dear, { budgetUsd: 1.5 })).result).rejects.toMatchObject(lost);
    expect(dear.cloud.bill).toHaveLength(3);
    expect(dear.cloud.alive()).toEqual([]);
  });

  test("leaves nothing paid, and pays one machine at a time, when its process is killed between both at every tenth step", async () => {
    await killBetweenAttempts(10);
  }, 60_000);
});
