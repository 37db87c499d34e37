import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, joinLog, startRun } from "./engine-harness.ts";

describe("a run on a machine in memory", () => {
  test("rents, trains, downloads the model and releases everything", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    const { outcome, artifacts, receipt } = await run.result;

    expect(outcome).toBe("completed");
    expect(artifacts.map(({ path, role }) => [path, role])).toEqual([
      ["weights/best.model", "model"],
      ["weights/last.model", "extra"],
      ["results.txt", "extra"],
    ]);
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: best");
    expect(receipt.epochs).toEqual({ done: 5, total: 5 });
    expect(receipt.metrics).toEqual({ loss: 0.2 });
    expect(receipt.lease.release).toBe("released");
    expect(receipt.lease.proofs.map(({ resource }) => resource.kind).sort()).toEqual([
      "address",
      "instance",
      "ssh-key",
    ]);
    expect(receipt.lease.costUsd).toBeGreaterThan(0);
    expect(harness.cloud.alive()).toEqual([]);
    expect(joinLog(events)).toBe(harness.cloud.training.log);
    expect(await readFile(run.paths.log, "utf8")).toBe(harness.cloud.training.log);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
    expect(events.at(-1)?.type).toBe("finished");
    expect(JSON.parse(await readFile(join(harness.out, "receipt.json"), "utf8"))).toEqual(receipt);
    const phases = events.flatMap((event) =>
      event.type === "phase" && event.state === "started" ? [event.phase] : [],
    );
    expect(phases.filter((phase) => phase !== "environment")).toEqual([
      "lease",
      "connect",
      "ship",
      "start",
      "train",
      "locate",
      "download",
      "teardown",
    ]);
  });
});

describe("the record of a run", () => {
  test("is in plan, receipt and list, with settings and their sources, versions, digest and command, and without secrets", async () => {
    const harness = await createEngineHarness();
    const unitrain = harness.process();
    const plan = await unitrain.plan({
      data: ".",
      out: harness.out,
      env: { A: "value-of-a" },
      settings: [
        { name: "epochs", value: "5", source: "command line" },
        { name: "pip", value: "git+https://me:hunter2@example.org/a.git", source: "command line" },
      ],
      command: "unitrain train . epochs=5 --pip git+https://me:hunter2@example.org/a.git",
    });
    const settings = [
      { name: "epochs", value: 5, source: "command line" },
      { name: "seed", value: 0, source: "default" },
      { name: "pip", value: "git+https://me:[redacted]@example.org/a.git", source: "command line" },
    ];
    expect(plan.settings).toEqual(settings);
    const run = await unitrain.start(plan);
    const { receipt } = await run.result;
    expect(receipt).toMatchObject({
      settings,
      command: "unitrain train . epochs=5 --pip git+https://me:[redacted]@example.org/a.git",
      variables: ["A"],
      versions: { memory: expect.any(String), node: process.versions.node, unitrain: expect.any(String) },
      data: { digest: plan.data.digest },
      score: -0.2,
      best: { done: 5, score: -0.2 },
    });
    expect(JSON.stringify(receipt)).not.toContain("value-of-a");
    expect((await unitrain.runs())[0]).toMatchObject({
      settings,
      versions: receipt.versions,
      data: { digest: plan.data.digest, source: plan.source },
      score: -0.2,
      best: receipt.best,
    });
  });

  test("causes a warning with both digests when a run is repeated on other data", async () => {
    const harness = await createEngineHarness();
    const unitrain = harness.process();
    const repeats = { runId: "20261124-001530-k3f9", name: "swift-otter", dataDigest: "ab".repeat(32) };
    const { data, findings } = await unitrain.plan({ data: ".", out: harness.out, repeats });
    expect(findings).toMatchObject([{ severity: "warning" }]);
    expect(findings[0]?.message).toContain(`was ${repeats.dataDigest} and is now ${data.digest}`);
    const same = { ...repeats, dataDigest: data.digest };
    expect((await unitrain.plan({ data: ".", out: harness.out, repeats: same })).findings).toEqual([]);
  });
});
