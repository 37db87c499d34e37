import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, type EngineHarness, joinLog } from "./engine-harness.ts";

const fixtures = join(import.meta.dirname, "first-format");
const finished = "20261124-120000-rupc";
const training = "20261124-120117-a4tz";

/**
 * A state folder as it was written when a run and its lease had one ledger: one run that is over, and one whose process died while it
 * trained on a rented machine.
 */
async function createFirstFormatHarness(): Promise<EngineHarness> {
  const harness = await createEngineHarness();
  const { home, cloud, clock } = harness;
  await cp(fixtures, join(home, "runs"), { recursive: true });
  for (const id of [finished, training])
    for (const file of await readdir(join(home, "runs", id))) {
      const path = join(home, "runs", id, file);
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replaceAll("{home}", home).replaceAll("{folder}", process.cwd()));
    }
  await writeFile(join(home, "format"), "1\n");
  clock.advance(120_000);
  const name = `unitrain-10v92x-${training}-1`;
  const since = Date.parse("2026-11-24T12:01:17Z");
  cloud.bill.push(
    { kind: "ssh-key", id: "ssh-key-4", since, name },
    { kind: "instance", id: "instance-5", since, name },
    { kind: "address", id: "address-6", since },
  );
  cloud.jobs.set(`${training}-1`, {
    id: `${training}-1`,
    startedAt: Date.parse("2026-11-24T12:01:26Z"),
    training: { ...cloud.training, durationMs: 3_600_000 },
    output: `/home/memory/.unitrain/1/runs/${training}/attempt-1/out`,
    env: {},
    secrets: {},
  });
  return harness;
}

describe("a state folder of the first format, with one ledger for run and lease", () => {
  test("is listed with its costs", async () => {
    const harness = await createFirstFormatHarness();
    const [second, first] = await harness.process().runs();
    const receipt = JSON.parse(await readFile(join(fixtures, finished, "receipt.json"), "utf8"));
    expect(first).toMatchObject({ id: finished, state: "over", outcome: "completed", unreleased: [] });
    expect(first?.costUsd).toBe(receipt.lease.costUsd);
    expect(second).toMatchObject({ id: training, state: "detached", unreleased: { length: 3 } });
    expect(second?.costUsd).toBeGreaterThan(0);
  });

  test("lets attach complete its run in the one ledger", async () => {
    const harness = await createFirstFormatHarness();
    const run = await harness.process().attach("training");
    const events = await collectEvents(run);
    const { outcome, receipt } = await run.result;
    expect([outcome, receipt.lease.release]).toEqual(["completed", "released"]);
    expect(joinLog(events)).toBe(harness.cloud.training.log);
    expect(harness.cloud.alive()).toEqual([]);
    const entries = (await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8")).trimEnd().split("\n");
    expect(entries.map((line) => JSON.parse(line).seq)).toEqual(entries.map((_, at) => at));
    expect(entries.filter((line) => line.includes('"type":"connected"'))).toHaveLength(1);
    expect(await readdir(harness.home)).not.toContain("leases");
  });

  test("lets the guardian complete its run", async () => {
    const harness = await createFirstFormatHarness();
    await harness.process().guard();
    expect((await harness.process().runs())[0]).toMatchObject({ state: "over", outcome: "completed" });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("lets gc download and release, without untracked resources", async () => {
    const harness = await createFirstFormatHarness();
    expect(await harness.process().listUntracked()).toEqual([]);
    const report = await harness.process().gc({ downloadWithinMs: 1e9 });
    expect(report).toMatchObject({ trainings: [{ model: "downloaded" }], unconfirmed: [], unreadable: [] });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("supports shell access, stop and pull for its run, and watch and rm for a finished one", async () => {
    const harness = await createFirstFormatHarness();
    const unitrain = harness.process();
    expect((await unitrain.access("training")).argv.join(" ")).toContain(`leases/10v92x-${training}-1/key`);
    const run = await unitrain.attach("training");
    for await (const event of run.events) if (event.type === "job" && event.state === "reattached") break;
    expect((await run.pull()).map(({ role }) => role)).toEqual([]);
    await run.stop();
    expect((await run.result).outcome).toBe("stopped");
    const watched = await unitrain.attach("finished");
    expect((await watched.result).outcome).toBe("completed");
    await unitrain.remove("finished");
    expect((await unitrain.runs()).map(({ id }) => id)).toEqual([training]);
  });
});
