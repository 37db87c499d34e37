import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createLifetime,
  killablePorts,
  memoryFramework,
  memoryProvider,
  memoryTransport,
} from "@unitrain/conformance";
import { createUnitrain, type Framework, type Run } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, type EngineHarness, startRun } from "./engine-harness.ts";

const hourMs = 3600_000;

/** Starts a training on a rented machine and waits for its first epoch. */
async function trainingRun(harness: EngineHarness, unitrain = harness.process()): Promise<Run> {
  const run = await startRun(unitrain, harness);
  for await (const event of run.events) if (event.type === "progress") break;
  return run;
}

const readModel = (harness: EngineHarness) => readFile(join(harness.out, "weights/best.model"), "utf8");

/** Creates a process whose ledger is no longer writable once `full` returns true. */
function withLedger(harness: EngineHarness, full: (type: string) => boolean) {
  const lifetime = createLifetime();
  const ports = killablePorts(lifetime, harness.clock, harness.locks);
  return createUnitrain({
    home: harness.home,
    guardian: false,
    provider: memoryProvider(harness.cloud, {}, lifetime),
    transport: memoryTransport(harness.cloud, lifetime),
    framework: memoryFramework(harness.cloud, lifetime),
    ports: {
      ...ports,
      openLedgerFile: async (path) => {
        const file = await ports.openLedgerFile(path);
        return {
          append: async (line) => {
            if (full(JSON.parse(line).type)) throw Object.assign(new Error("disk full"), { code: "ENOSPC" });
            await file.append(line);
          },
        };
      },
    },
  });
}

describe("a training on a rented machine survives", () => {
  test.each([
    ["session.getJobState", "throws", 1],
    ["session.getJobState", "throws", 20],
    ["session.getJobState", "hangs", 1],
    ["session.follow-part", "throws", 1],
    ["session.follow", "throws", 20],
    ["session.list", "throws", 1],
    ["session.fetch", "throws", 1],
    ["transport.connect", "throws", 1],
  ] as const)("%s that %s %i times", async (call, fault, times) => {
    const harness = await createEngineHarness();
    const run = await trainingRun(harness);
    if (call === "transport.connect") harness.cloud.faults.on("session.follow-part", "cut", 1);
    harness.cloud.faults.on(call, fault, times);
    expect((await run.result).outcome).toBe("completed");
    expect(await readModel(harness)).toBe("whole: best");
  });

  test("a framework that cannot read its progress", async () => {
    const harness = await createEngineHarness();
    const inner = memoryFramework(harness.cloud);
    const progress = () => ({
      text: () => {
        throw new TypeError("undefined is not a number");
      },
      file: () => [],
    });
    const run = await startRun(harness.process({ framework: { ...inner, progress } }), harness);
    const events = await collectEvents(run);
    expect((await run.result).outcome).toBe("completed");
    const messages = events.filter(
      (event) => event.type === "warning" && event.message.includes("Cannot read the progress"),
    );
    expect(messages).toHaveLength(1);
  });

  test("a log that cannot be stored on this computer", async () => {
    const harness = await createEngineHarness();
    const run = await trainingRun(harness);
    await mkdir(`${run.paths.log}.offsets.part`);
    expect((await run.result).outcome).toBe("completed");
    expect(await readModel(harness)).toBe("whole: best");
  });

  test.each(["job-ended", "brought", "failed", "stopping"])(
    "a ledger that cannot store its entry %j",
    async (type) => {
      const harness = await createEngineHarness();
      const run = await trainingRun(
        harness,
        withLedger(harness, (candidate) => candidate === type),
      );
      const { outcome, receipt } = await run.result;
      expect(outcome).toBe("completed");
      expect(receipt.artifacts.some(({ role }) => role === "model")).toBe(true);
      expect(await readModel(harness)).toBe("whole: best");
    },
  );
});

test("a training can be stopped when the disk is full", async () => {
  const harness = await createEngineHarness();
  harness.cloud.training.durationMs = 100 * hourMs;
  let full = false;
  const run = await startRun(
    withLedger(harness, () => full),
    harness,
  );
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  full = true;
  const begin = harness.clock.now();
  await run.stop();
  expect(harness.clock.now() - begin).toBeLessThan(hourMs);
  expect(await readModel(harness)).toBe("whole: best");
  expect(harness.cloud.alive()).toEqual([]);
});

test.each(["throws", "hangs"] as const)(
  "downloads the model and releases the machine when a stop %s on it",
  async (fault) => {
    const harness = await createEngineHarness();
    harness.cloud.training.durationMs = 100 * hourMs;
    const run = await trainingRun(harness);
    const { output } = harness.cloud.jobs.get(`${run.id}-1`) ?? {};
    harness.cloud.files.set(`${output}/weights/best.model`, Buffer.from("whole: so far"));
    harness.cloud.faults.on("session.stop", fault, 1_000);
    const begin = harness.clock.now();
    await run.stop();
    expect(harness.clock.now() - begin).toBeLessThan(hourMs);
    expect(await readModel(harness)).toBe("whole: so far");
    expect(harness.cloud.alive()).toEqual([]);
  },
);

describe("before a rented machine is released, results are downloaded", () => {
  test("when the training's state cannot be read for long", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training.durationMs = 100 * hourMs;
    const run = await trainingRun(harness);
    harness.cloud.faults.on("session.follow-part", "throws", 10_000);
    harness.cloud.faults.on("session.getJobState", "throws", 10_000);
    await expect(run.result).rejects.toMatchObject({ code: "ADAPTER_FAILED" });
    expect(await readModel(harness)).toBe("whole: best");
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("by the framework's rules when a plugin fails to locate the model, and the fault is reported", async () => {
    const harness = await createEngineHarness();
    const locateArtifact = () => {
      throw new Error("a bug in the plugin");
    };
    const plugin = { specVersion: "v1" as const, name: "locates", hooks: { locateArtifact } };
    const run = await startRun(harness.process({ plugins: [plugin] }), harness);
    await expect(run.result).rejects.toMatchObject({ code: "HOOK_FAILED" });
    expect(await readModel(harness)).toBe("whole: best");
    const receipt = JSON.parse(await readFile(join(harness.out, "receipt.json"), "utf8"));
    expect(receipt.artifacts[0]).toMatchObject({ role: "model", path: "weights/best.model" });
  });

  test.each<[string, Partial<Framework["artifacts"]>, string]>([
    ["cannot say where the model is", { locate: () => Promise.reject(new Error("a bug")) }, ""],
    ["cannot check the model", { isComplete: () => Promise.reject(new Error("a bug")) }, ".incomplete"],
    ["takes every model for incomplete", { isComplete: async () => false }, ".incomplete"],
  ])("when the framework %s", async (_what, artifacts, suffix) => {
    const harness = await createEngineHarness();
    const inner = memoryFramework(harness.cloud);
    const framework = { ...inner, artifacts: { ...inner.artifacts, ...artifacts } };
    const run = await startRun(harness.process({ framework }), harness);
    await expect(run.result).rejects.toMatchObject({
      code: expect.stringMatching(/ADAPTER_FAILED|ARTIFACT_DAMAGED/),
    });
    expect(await readFile(join(harness.out, `weights/best.model${suffix}`), "utf8")).toBe("whole: best");
    expect(harness.cloud.alive()).toEqual([]);
  });
});
