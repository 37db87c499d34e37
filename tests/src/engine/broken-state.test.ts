import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createBrokenHarness, faults, surviveAll } from "./broken-state.ts";

const ledgerFaults = {
  ...faults,
  "newer version": async (path: string) => {
    await appendFile(
      path,
      `${JSON.stringify({ v: 2, seq: 99, at: "2030-01-01T00:00:00Z", type: "leased" })}\n`,
    );
  },
};

describe.each(["run", "lease"] as const)("a ledger of a %s", (which) => {
  test.each(Object.entries(ledgerFaults))(
    "is reported and left alone, and the other run is released: %s",
    async (name, spoil) => {
      const broken = await createBrokenHarness();
      const { victim, bystander, alive } = broken;
      const file = which === "run" ? join(victim.folder, "ledger.jsonl") : victim.leaseLedger;
      await spoil(file);
      const changing = [`pull ${victim.id}`, `attach ${victim.id}`, `stop ${victim.id}`];
      const { runs, gc, gcExitCode } = await surviveAll(broken, { changing });
      expect(runs).toContain("UNREADABLE");
      expect(runs).toContain(file);
      expect(runs).toContain("$2.25/h");
      expect(runs).toContain("unitrain gc --untracked --on memory");
      expect(gcExitCode).toBe(4);
      expect(gc).toContain(file);
      expect(gc).toContain("unitrain gc --untracked --on memory");
      expect(gc).not.toContain("that costs money is left");
      expect(alive(bystander)).toEqual([]);
      expect(alive(victim), name).toHaveLength(3);
      const [first] = JSON.parse((await broken.command("runs --json")).text).filter(
        ({ id }: { id: string }) => id === victim.id,
      );
      expect(first).toMatchObject({
        state: "unreadable",
        name: victim.name,
        priceUsdPerHour: 2.25,
        problem: { file },
      });
    },
  );
});

describe("a ledger", () => {
  test("truncated in the middle: gc releases resources of its readable lines, and reports that there may be more", async () => {
    const broken = await createBrokenHarness();
    const { victim, bystander, alive } = broken;
    const file = victim.leaseLedger;
    const lines = (await readFile(file, "utf8")).split("\n");
    const instanceLine = lines.findIndex((line) => line.includes('"id":"instance-'));
    await truncate(file, Buffer.byteLength(lines.slice(0, instanceLine + 1).join("\n")) + 20);
    const gc = await broken.command("gc");
    expect(gc.exitCode).toBe(4);
    expect(gc.text).toContain("Its last line was cut off.");
    expect(gc.text).toContain("perhaps more");
    expect(alive(victim).filter((id) => id.startsWith("instance"))).toEqual([]);
    expect(alive(bystander)).toEqual([]);
  });

  test.each(["run", "lease"])(
    "of a %s with a damaged first line: gc finds the provider of its resources in other records",
    async (which) => {
      const broken = await createBrokenHarness();
      const { victim, alive } = broken;
      const file = which === "run" ? join(victim.folder, "ledger.jsonl") : victim.leaseLedger;
      const text = await readFile(file, "utf8");
      await writeFile(file, `x${text.slice(1)}`);
      const { runs, gc, gcExitCode } = await surviveAll(broken, { changing: [`attach ${victim.id}`] });
      expect(runs).toContain(which === "run" ? "UNREADABLE" : "1 of its ");
      expect(gcExitCode).toBe(4);
      expect(gc).toContain("1 of its ");
      expect(alive(victim)).toEqual([]);
    },
  );

  test("of a lease with a damaged first line: gc reports resources that are not confirmed gone", async () => {
    const broken = await createBrokenHarness();
    const { victim, alive, harness } = broken;
    const text = await readFile(victim.leaseLedger, "utf8");
    await writeFile(victim.leaseLedger, `x${text.slice(1)}`);
    harness.cloud.faults.on("provider.release", "throws", 10_000);
    const gc = await broken.command("gc");
    expect(gc.exitCode).toBe(4);
    const receipt = JSON.parse(await readFile(join(victim.folder, "receipt.json"), "utf8"));
    expect(receipt.lease.release).toBe("release-unconfirmed");
    while (harness.cloud.faults.take("provider.release") !== undefined);
    await broken.command("gc");
    expect(alive(victim)).toEqual([]);
  });

  test("with a damaged line: gc releases resources of the other lines, and exits with 4 while the run exists", async () => {
    const broken = await createBrokenHarness();
    const { victim, alive } = broken;
    const file = join(victim.folder, "ledger.jsonl");
    const lines = (await readFile(file, "utf8")).split("\n");
    await writeFile(file, lines.map((line) => (line.includes('"type":"connected"') ? "#" : line)).join("\n"));
    const first = await broken.command("gc");
    expect(first.exitCode).toBe(4);
    expect(first.text).toMatch(/UNREADABLE .*1 of its \d+ lines cannot be read/);
    expect(alive(victim)).toEqual([]);
    expect((await broken.command("gc")).exitCode).toBe(4);
  });
});

test.each([".DS_Store", "20261124-120000-zzzz"])(
  "all commands work with a file %s among the runs",
  async (name) => {
    const broken = await createBrokenHarness();
    const { victim, bystander, alive } = broken;
    await writeFile(join(victim.folder, "..", name), "x");
    const { runs, gcExitCode } = await surviveAll(broken);
    expect(runs).toContain(victim.name);
    expect([...alive(victim), ...alive(bystander)]).toEqual([]);
    // A file with the name of a run may be the remains of one.
    expect(gcExitCode).toBe(name.startsWith("2026") ? 4 : 0);
  },
);

test("no command blocks on a pipe in place of the guardian's report", async () => {
  const broken = await createBrokenHarness();
  await faults["a pipe"](join(broken.harness.home, "guardian-problems.json"));
  await faults["a pipe"](join(broken.harness.home, "installation"));
  expect((await surviveAll(broken)).gcExitCode).toBe(0);
});

test("the guardian reports a run whose provider cannot be loaded once, shows it in runs, and guards the other run", async () => {
  const broken = await createBrokenHarness();
  const { victim, bystander, alive } = broken;
  const file = join(victim.folder, "ledger.jsonl");
  const text = await readFile(file, "utf8");
  const elsewhere =
    '"provider":{"name":"elsewhere","recipe":{"module":"@nobody/provider","exportName":"x","options":{},"secrets":[]}';
  await writeFile(file, text.replace(/"provider":\{"name":"memory","recipe":\{[^}]*\{\}[^}]*\}/, elsewhere));
  const { gc, gcExitCode } = await surviveAll(broken);
  expect(alive(bystander)).toEqual([]);
  expect(alive(victim)).toHaveLength(3);
  expect(gcExitCode).toBe(4);
  expect(gc).toContain("@nobody/provider");
  const { text: runs } = await broken.command("runs");
  expect(runs).toContain(`! the guardian cannot look after ${victim.name}, and tries again: `);
  expect(runs).toContain("@nobody/provider is not installed here");
});

test("gc --untracked finds rented resources when the records cannot be read, and still exits with 4", async () => {
  const broken = await createBrokenHarness();
  const { victim, alive } = broken;
  await faults.garbage(join(broken.harness.home, "runs"));
  const { name } = broken.harness.cloud.bill.find((billed) => billed.name?.includes(victim.id)) ?? {};
  const gc = await broken.command(`gc --untracked --yes ${name}`);
  expect(gc.text).toContain("gone    instance");
  expect(gc.text).toContain("It is unknown what still costs money");
  expect(gc.exitCode).toBe(4);
  expect(alive(victim).filter((id) => id.startsWith("instance"))).toEqual([]);
});

test("gc --untracked does not list resources of a running process whose ledger is damaged", async () => {
  const broken = await createBrokenHarness();
  const { victim } = broken;
  await faults.garbage(join(victim.folder, "ledger.jsonl"));
  const readNames = async () =>
    (await broken.harness.process().listUntracked()).some(({ name }) => name.includes(victim.id));
  expect(await readNames()).toBe(true);
  const lock = await broken.harness.locks.take(join(victim.folder, "controller.lock"));
  expect(await readNames()).toBe(false);
  await lock?.release();
});

test("a lock that cannot be read counts as held: no process takes the run over, and gc exits with 4", async () => {
  const broken = await createBrokenHarness();
  const { victim, bystander, alive } = broken;
  const lock = join(victim.folder, "controller.lock");
  await faults.folder(lock);
  const { runs, gc, gcExitCode } = await surviveAll(broken, { changing: [`attach ${victim.id}`] });
  expect(runs).toContain(lock);
  expect(gc).toContain(lock);
  expect(gcExitCode).toBe(4);
  expect(alive(victim)).toHaveLength(3);
  expect(alive(bystander)).toEqual([]);
});
