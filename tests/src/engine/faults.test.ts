import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  memoryCloud,
  memoryFramework,
  memoryProvider,
  memoryTransport,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain, type Framework, openRuns, systemPorts, UnitrainError } from "@unitrain/core";
import type { FailedTraining } from "@unitrain/core/spec";
import { describe, expect, onTestFinished, test } from "vitest";
import { collectEvents, createEngineHarness, joinLog, startRun } from "./engine-harness.ts";

describe("releasing", () => {
  test("is retried until confirmed when the provider answers errors twenty times", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.end-instance", "throws", 20);
    const run = await startRun(harness.process(), harness);
    const { receipt } = await run.result;
    expect(receipt.lease.release).toBe("released");
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is reported and kept in the ledger when it is never confirmed, and completed by gc later", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.release", { answers: [] }, 10_000);
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    await expect(run.result).rejects.toMatchObject({ code: "RELEASE_UNCONFIRMED" });
    const end = events.at(-1);
    if (end?.type !== "finished") throw new Error("no end");
    expect(end.receipt.lease.release).toBe("release-unconfirmed");
    expect(end.receipt.lease.unconfirmed).toHaveLength(3);
    // The model is still downloaded.
    expect(end.receipt.artifacts.some(({ role }) => role === "model")).toBe(true);
    const [before] = await harness.process().runs();
    expect(before?.state).toBe("release-unconfirmed");
    expect(before?.unreleased.map(({ id }) => id).filter(Boolean)).toHaveLength(3);

    while (harness.cloud.faults.take("provider.release") !== undefined);
    const report = await harness.process().gc();
    expect(report.unconfirmed).toEqual([]);
    expect(report.released).toHaveLength(3);
    expect((await harness.process().runs())[0]?.state).toBe("over");
  });

  test("times out when the adapter hangs, and gc still works", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.end-ssh-key", "hangs", 50);
    const run = await startRun(harness.process(), harness);
    await expect(run.result).rejects.toMatchObject({ code: "RELEASE_UNCONFIRMED" });
    while (harness.cloud.faults.take("provider.end-ssh-key") !== undefined);
    await harness.process().gc();
    expect(harness.cloud.alive()).toEqual([]);
  });

  test.each(["throws", "lost-answer", "hangs"] as const)(
    "leaves nothing when the launch %s",
    async (fault) => {
      const harness = await createEngineHarness();
      harness.cloud.faults.on("provider.instance", fault);
      const run = await startRun(harness.process(), harness);
      await expect(run.result).rejects.toMatchObject({
        code: fault === "hangs" ? "TIMED_OUT" : "ADAPTER_FAILED",
      });
      expect(harness.cloud.alive()).toEqual([]);
    },
  );

  test("leaves resources of others alone, whatever their names", async () => {
    const harness = await createEngineHarness();
    const foreign = [
      { kind: "instance" as const, id: "theirs-1", name: "unitrain-someone-else-1", since: 0 },
      { kind: "address" as const, id: "theirs-2", since: 0 },
    ];
    harness.cloud.bill.push(...foreign);
    const run = await startRun(harness.process(), harness);
    await run.result;
    await harness.process().gc();
    expect(harness.cloud.alive()).toEqual(foreign);
  });
});

describe("the connection", () => {
  test("can be lost in any call of the session: the run continues, and each log line appears once", async () => {
    const calls = ["facts", "run", "ship", "start", "getJobState", "follow", "follow-part", "list", "fetch"];
    for (const call of calls) {
      const harness = await createEngineHarness();
      harness.cloud.faults.on(`session.${call}`, "cut", 3);
      const run = await startRun(harness.process(), harness);
      const events = await collectEvents(run);
      expect((await run.result).outcome, call).toBe("completed");
      expect(joinLog(events), call).toBe(harness.cloud.training.log);
      expect(
        events.some((event) => event.type === "connection" && event.state === "lost"),
        call,
      ).toBe(true);
    }
  });

  test("can lose the response to start: there is still one job", async () => {
    const harness = await createEngineHarness();
    harness.cloud.isEnvironmentSound = true;
    harness.cloud.faults.on("session.start", "lost-answer");
    const run = await startRun(harness.process(), harness);
    expect((await run.result).outcome).toBe("completed");
    expect([...harness.cloud.starts.values()]).toEqual([1]);
  });

  test("survives eight hours of sleep of this computer", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "progress") break;
    harness.clock.advance(8 * 3600_000);
    const { outcome } = await run.result;
    expect(outcome).toBe("completed");
    expect(await readFile(run.paths.log, "utf8")).toBe(harness.cloud.training.log);
  });
});

describe("the machine", () => {
  test("ends the run at once when it is gone while the run waits for it", async () => {
    const harness = await createEngineHarness();
    harness.cloud.pollsUntilRunning = 1_000_000;
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "phase" && event.phase === "connect") break;
    for (const billed of harness.cloud.bill) billed.endingAt = 0;
    await expect(run.result).rejects.toMatchObject({ code: "MACHINE_GONE" });
  });

  test("is released at the deadline when it never answers", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on(
      "transport.connect",
      { answers: { ready: false, step: "tcp", reason: "connection refused" } },
      10_000,
    );
    const begin = harness.clock.now();
    const run = await startRun(harness.process(), harness);
    await expect(run.result).rejects.toMatchObject({
      code: "NOT_READY",
      message: expect.stringContaining("connection refused"),
    });
    expect(harness.clock.now() - begin).toBeLessThan(300_000);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is not considered gone while its state cannot be read", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.getMachineState", "throws", 5);
    const run = await startRun(harness.process(), harness);
    expect((await run.result).outcome).toBe("completed");
  });

  test.each(["lost", "rebooted"] as const)("downloads the results of a job that is %s", async (how) => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "progress") break;
    for (const job of harness.cloud.jobs.values()) job.lost = how;
    await expect(run.result).rejects.toMatchObject({ code: "JOB_LOST" });
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: best");
    expect(harness.cloud.alive()).toEqual([]);
  });
});

describe("the training", () => {
  test("shows the last log lines and downloads the extra files when it fails", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = {
      ...harness.cloud.training,
      exitCode: 42,
      log: "one\nCUDA out of memory\n",
      leaves: {},
    };
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    await expect(run.result).rejects.toMatchObject({
      code: "TRAINING_FAILED",
      message: expect.stringMatching(/exit code 42[\s\S]*CUDA out of memory/),
    });
    expect(events.at(-1)).toMatchObject({ type: "finished", outcome: "training-failed" });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test.each([
    [
      "by its framework",
      () => ({ message: "the disk is full", hint: "Free space." }),
      "failed: the disk is full.",
    ],
    ["not when that fails", () => Promise.reject(new Error("no idea")) as never, "ended with exit code 42:"],
  ])(
    "is explained %s when it fails, from its log and the current state of the machine",
    async (_, answer, message) => {
      const harness = await createEngineHarness();
      harness.cloud.training = { ...harness.cloud.training, exitCode: 42, log: "no room\n", leaves: {} };
      const explained: FailedTraining[] = [];
      const framework: Framework = {
        ...memoryFramework(harness.cloud),
        explainFailure(training) {
          explained.push(training);
          return answer();
        },
      };
      const run = await startRun(harness.process({ framework }), harness);
      await expect(run.result).rejects.toMatchObject({
        code: "TRAINING_FAILED",
        message: expect.stringMatching(new RegExp(`${message}[\\s\\S]*no room`)),
        hint: expect.stringContaining(run.paths.log),
      });
      expect(explained).toMatchObject([
        { exitCode: 42, output: "no room\n", facts: { os: expect.any(String) } },
      ]);
      expect(harness.cloud.alive()).toEqual([]);
    },
  );

  test("downloads the next best model when the best one is truncated", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = {
      ...harness.cloud.training,
      leaves: { "weights/best.model": "half", "weights/last.model": "whole: last" },
    };
    const run = await startRun(harness.process(), harness);
    const { artifacts } = await run.result;
    expect(artifacts).toMatchObject([
      { path: "weights/last.model", role: "model", insteadOf: ["weights/best.model"] },
    ]);
    await expect(readFile(join(harness.out, "weights/best.model"))).rejects.toThrow("ENOENT");
  });

  test("fails when all models are truncated, and leaves no file under a final name", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, leaves: { "weights/best.model": "half" } };
    const run = await startRun(harness.process(), harness);
    await expect(run.result).rejects.toMatchObject({ code: "ARTIFACT_DAMAGED" });
    await expect(readFile(join(harness.out, "weights/best.model"))).rejects.toThrow("ENOENT");
  });

  test("finds a model with an unusual name by searching the output", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, leaves: { "deep/er/epoch7.model": "whole: 7" } };
    const run = await startRun(harness.process(), harness);
    const { artifacts } = await run.result;
    expect(artifacts).toMatchObject([{ path: "deep/er/epoch7.model", role: "model" }]);
  });

  test("finds a model in the alternative folders, but not an older one of another run", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, leaves: {} };
    harness.cloud.files.set("/home/memory/elsewhere/x.model", Buffer.from("whole: x"));
    const run = await startRun(harness.process(), harness);
    expect((await run.result).artifacts).toMatchObject([{ path: "x.model", role: "model" }]);
  });

  test("fails with a list of existing files when there is no model", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, leaves: { "notes.md": "nothing" } };
    const run = await startRun(harness.process(), harness);
    await expect(run.result).rejects.toMatchObject({
      code: "ARTIFACT_NOT_FOUND",
      message: expect.stringContaining("notes.md (7 bytes)"),
      hint: "Train for at least one epoch.",
    });
    expect(harness.cloud.alive()).toEqual([]);
    // The machine is gone, so what else was written is only here.
    expect(await readFile(join(harness.out, "notes.md"), "utf8")).toBe("nothing");
  });

  test("fails in the words of the framework when there is no model", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, leaves: { "notes.md": "nothing" } };
    const inner = memoryFramework(harness.cloud);
    const explainMissing: Framework["artifacts"]["explainMissing"] = ({ files }) => ({
      message: `no weights among ${files.length} files`,
      hint: "Write weights.",
    });
    const framework = { ...inner, artifacts: { ...inner.artifacts, explainMissing } };
    const run = await startRun(harness.process({ framework }), harness);
    await expect(run.result).rejects.toMatchObject({
      code: "ARTIFACT_NOT_FOUND",
      message: expect.stringMatching(/^No model was found: no weights among \d+ files/),
      hint: "Write weights.",
    });
    expect(harness.cloud.alive()).toEqual([]);
  });
});

describe("a failed download", () => {
  test.each(["to its end", "stopped by the user"])(
    "leaves the model of a training %s on a borrowed machine",
    async (how) => {
      const harness = await createEngineHarness({ ownership: "borrowed" });
      harness.cloud.faults.on("session.fetch", "throws", 10);
      const run = await startRun(harness.process(), harness);
      for await (const event of run.events) if (event.type === "progress") break;
      if (how === "stopped by the user") await run.stop();
      await expect(run.result).rejects.toMatchObject({ code: "ADAPTER_FAILED" });
      expect([...harness.cloud.files.keys()].filter((path) => path.endsWith("best.model"))).toHaveLength(1);
    },
  );

  test("does not keep a rented machine running", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("session.fetch", "throws", 10);
    const run = await startRun(harness.process(), harness);
    await expect(run.result).rejects.toMatchObject({ code: "ADAPTER_FAILED" });
    expect(harness.cloud.alive()).toEqual([]);
  });
});

describe("before anything is spent", () => {
  const expectRefusal = async (
    change: (parts: ReturnType<typeof createAdapters>) => object,
    code: string,
  ) => {
    const harness = await createEngineHarness();
    const parts = createAdapters(harness);
    const attempt = (async () => {
      const unitrain = createUnitrain({ home: harness.home, ...parts, ...change(parts) });
      return unitrain.plan({ data: ".", out: harness.out });
    })();
    await expect(attempt).rejects.toMatchObject({ code });
    expect(harness.cloud.bill).toEqual([]);
  };
  const createAdapters = ({ cloud }: Awaited<ReturnType<typeof createEngineHarness>>) => ({
    provider: memoryProvider(cloud),
    transport: memoryTransport(cloud),
    framework: memoryFramework(cloud),
  });

  test("refuses an adapter of another spec version", async () => {
    await expectRefusal(
      ({ provider }) => ({ provider: { ...provider, specVersion: "v2" } }),
      "INVALID_ADAPTER",
    );
    await expectRefusal(
      ({ transport }) => ({ transport: { ...transport, specVersion: undefined } }),
      "INVALID_ADAPTER",
    );
    await expectRefusal(
      ({ framework }) => ({ framework: { ...framework, specVersion: "v0" } }),
      "INVALID_ADAPTER",
    );
    await expectRefusal(
      () => ({ plugins: [{ specVersion: "v9", name: "p", hooks: {} }] }),
      "INVALID_ADAPTER",
    );
  });

  test("refuses a transport that cannot reach the provider's machines", async () => {
    await expectRefusal(
      ({ transport }) => ({ transport: { ...transport, supports: ["ssh"] } }),
      "TRANSPORT_MISMATCH",
    );
    await expectRefusal(() => ({ transport: undefined }), "INVALID_OPTIONS");
  });

  test("launches nothing when the ledger cannot be written", async () => {
    const harness = await createEngineHarness();
    const unitrain = createUnitrain({
      home: harness.home,
      ...createAdapters(harness),
      ports: {
        openLedgerFile: async () => ({
          append: async () => {
            throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
          },
        }),
      },
    });
    const plan = await unitrain.plan({ data: ".", out: harness.out });
    await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "LEDGER_UNWRITABLE" });
    expect(harness.cloud.bill).toEqual([]);
  });

  test("stops renting and releases resources when the ledger's disk becomes full", async () => {
    const harness = await createEngineHarness();
    let writable = 3;
    const unitrain = createUnitrain({
      home: harness.home,
      ...createAdapters(harness),
      ports: {
        clock: harness.clock,
        openLedgerFile: async (path) => {
          const file = await systemPorts.openLedgerFile(path);
          return {
            append: async (line) => {
              if (writable-- <= 0) throw Object.assign(new Error("disk full"), { code: "ENOSPC" });
              await file.append(line);
            },
          };
        },
      },
    });
    const run = await unitrain.start(await unitrain.plan({ data: ".", out: harness.out }));
    await expect(run.result).rejects.toThrow();
    expect(harness.cloud.bill.map(({ kind }) => kind)).toEqual(["ssh-key"]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("refuses data that changed since the plan", async () => {
    const harness = await createEngineHarness();
    const unitrain = harness.process();
    const plan = await unitrain.plan({ data: ".", out: harness.out });
    const changedPlan = { ...plan, data: { ...plan.data, digest: "0".repeat(64) } };
    await expect(unitrain.start(changedPlan)).rejects.toMatchObject({ code: "DATA_CHANGED" });
    expect(harness.cloud.bill).toEqual([]);
  });

  test("starts a plan only once", async () => {
    const harness = await createEngineHarness();
    const unitrain = harness.process();
    const plan = await unitrain.plan({ data: ".", out: harness.out });
    const run = await unitrain.start(plan);
    await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "RUN_BUSY" });
    await run.result;
    await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "RUN_BUSY" });
    expect(harness.cloud.bill.filter(({ kind }) => kind === "instance")).toHaveLength(1);
  });

  test("refuses an invalid name, budget or run id", async () => {
    const harness = await createEngineHarness();
    const unitrain = harness.process();
    await expect(unitrain.plan({ data: ".", name: "../x" })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
    await expect(unitrain.plan({ data: ".", budgetUsd: Number.NaN })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
    await expect(openRuns({ home: harness.home }).attach("nope")).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
    });
  });
});

test.each([
  ["/dev/null/unitrain", "STATE_UNREADABLE"],
  // Node's own recursive mkdir never returns there.
  ["/proc/unitrain/state", "LEDGER_UNWRITABLE"],
])("reports a state folder that is not writable before anything is spent: %s", async (home, code) => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-home-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const cloud = memoryCloud(virtualClock());
  const unitrain = createUnitrain({
    home,
    provider: memoryProvider(cloud),
    transport: memoryTransport(cloud),
    framework: memoryFramework(cloud),
  });
  const plan = await unitrain.plan({ data: ".", out: folder, name: "x" }).catch((error: unknown) => error);
  const error = UnitrainError.isInstance(plan)
    ? plan
    : await unitrain
        .start(plan as Awaited<ReturnType<typeof unitrain.plan>>)
        .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(cloud.bill).toEqual([]);
});
