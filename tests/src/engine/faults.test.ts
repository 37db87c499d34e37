import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  memoryFramework,
  memoryProvider,
  memoryTransport,
  memoryWorld,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain, type Framework, openRuns, systemPorts, UnitrainError } from "@unitrain/core";
import type { FailedTraining } from "@unitrain/core/spec";
import { describe, expect, onTestFinished, test } from "vitest";
import { createStage, eventsOf, logOf, startRun } from "./engine-harness.ts";

describe("giving back", () => {
  test("is retried until confirmed when the provider answers errors twenty times", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.end-instance", "throws", 20);
    const run = await startRun(stage.process(), stage);
    const { receipt } = await run.result;
    expect(receipt.lease.release).toBe("released");
    expect(stage.world.alive()).toEqual([]);
  });

  test("never confirmed is said loudly, kept in the ledger, and done by gc later", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.release", { answers: [] }, 10_000);
    const run = await startRun(stage.process(), stage);
    const events = await eventsOf(run);
    await expect(run.result).rejects.toMatchObject({ code: "RELEASE_UNCONFIRMED" });
    const end = events.at(-1);
    if (end?.type !== "finished") throw new Error("no end");
    expect(end.receipt.lease.release).toBe("release-unconfirmed");
    expect(end.receipt.lease.unconfirmed).toHaveLength(3);
    // The model is home all the same.
    expect(end.receipt.artifacts.some(({ role }) => role === "model")).toBe(true);
    const [before] = await stage.process().runs();
    expect(before?.state).toBe("release-unconfirmed");
    expect(before?.unreleased.map(({ id }) => id).filter(Boolean)).toHaveLength(3);

    while (stage.world.faults.take("provider.release") !== undefined);
    const report = await stage.process().gc();
    expect(report.unconfirmed).toEqual([]);
    expect(report.released).toHaveLength(3);
    expect((await stage.process().runs())[0]?.state).toBe("over");
  });

  test("an adapter that hangs in release times out, and gc still works", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.end-ssh-key", "hangs", 50);
    const run = await startRun(stage.process(), stage);
    await expect(run.result).rejects.toMatchObject({ code: "RELEASE_UNCONFIRMED" });
    while (stage.world.faults.take("provider.end-ssh-key") !== undefined);
    await stage.process().gc();
    expect(stage.world.alive()).toEqual([]);
  });

  test.each(["throws", "lost-answer", "hangs"] as const)(
    "a lease whose launch %s leaves nothing",
    async (fault) => {
      const stage = await createStage();
      stage.world.faults.on("provider.instance", fault);
      const run = await startRun(stage.process(), stage);
      await expect(run.result).rejects.toMatchObject({
        code: fault === "hangs" ? "TIMED_OUT" : "ADAPTER_FAILED",
      });
      expect(stage.world.alive()).toEqual([]);
    },
  );

  test("others' resources are untouched, however they are called", async () => {
    const stage = await createStage();
    const theirs = [
      { kind: "instance" as const, id: "theirs-1", name: "unitrain-someone-else-1", since: 0 },
      { kind: "address" as const, id: "theirs-2", since: 0 },
    ];
    stage.world.bill.push(...theirs);
    const run = await startRun(stage.process(), stage);
    await run.result;
    await stage.process().gc();
    expect(stage.world.alive()).toEqual(theirs);
  });
});

describe("the line", () => {
  test("cut in every call of the session: the run goes on, each line once", async () => {
    const calls = ["facts", "run", "ship", "start", "look", "follow", "follow-part", "list", "fetch"];
    for (const call of calls) {
      const stage = await createStage();
      stage.world.faults.on(`session.${call}`, "cut", 3);
      const run = await startRun(stage.process(), stage);
      const events = await eventsOf(run);
      expect((await run.result).outcome, call).toBe("completed");
      expect(logOf(events), call).toBe(stage.world.training.log);
      expect(
        events.some((event) => event.type === "connection" && event.state === "lost"),
        call,
      ).toBe(true);
    }
  });

  test("the answer to start is lost: it is one job", async () => {
    const stage = await createStage();
    stage.world.environmentWorks = true;
    stage.world.faults.on("session.start", "lost-answer");
    const run = await startRun(stage.process(), stage);
    expect((await run.result).outcome).toBe("completed");
    expect([...stage.world.starts.values()]).toEqual([1]);
  });

  test("eight hours of sleep in the middle lose nothing", async () => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "progress") break;
    stage.clock.advance(8 * 3600_000);
    const { outcome } = await run.result;
    expect(outcome).toBe("completed");
    expect(await readFile(run.paths.log, "utf8")).toBe(stage.world.training.log);
  });
});

describe("the machine", () => {
  test("gone while it is waited for ends the run at once", async () => {
    const stage = await createStage();
    stage.world.looksUntilRunning = 1_000_000;
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "phase" && event.phase === "connect") break;
    for (const one of stage.world.bill) one.endingAt = 0;
    await expect(run.result).rejects.toMatchObject({ code: "MACHINE_GONE" });
  });

  test("that never answers is given back after its time", async () => {
    const stage = await createStage();
    stage.world.faults.on(
      "transport.connect",
      { answers: { ready: false, step: "tcp", reason: "connection refused" } },
      10_000,
    );
    const begin = stage.clock.now();
    const run = await startRun(stage.process(), stage);
    await expect(run.result).rejects.toMatchObject({
      code: "NOT_READY",
      message: expect.stringContaining("connection refused"),
    });
    expect(stage.clock.now() - begin).toBeLessThan(300_000);
    expect(stage.world.alive()).toEqual([]);
  });

  test("that cannot be asked for is not taken for gone", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.look", "throws", 5);
    const run = await startRun(stage.process(), stage);
    expect((await run.result).outcome).toBe("completed");
  });

  test.each(["lost", "rebooted"] as const)("whose job is %s: what it had written comes home", async (how) => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "progress") break;
    for (const job of stage.world.jobs.values()) job.lost = how;
    await expect(run.result).rejects.toMatchObject({ code: "JOB_LOST" });
    expect(await readFile(join(stage.out, "weights/best.model"), "utf8")).toBe("whole: best");
    expect(stage.world.alive()).toEqual([]);
  });
});

describe("the training", () => {
  test("that fails is told with its last lines, and its record comes home", async () => {
    const stage = await createStage();
    stage.world.training = {
      ...stage.world.training,
      exitCode: 42,
      log: "one\nCUDA out of memory\n",
      leaves: {},
    };
    const run = await startRun(stage.process(), stage);
    const events = await eventsOf(run);
    await expect(run.result).rejects.toMatchObject({
      code: "TRAINING_FAILED",
      message: expect.stringMatching(/exit code 42[\s\S]*CUDA out of memory/),
    });
    expect(events.at(-1)).toMatchObject({ type: "finished", outcome: "training-failed" });
    expect(stage.world.alive()).toEqual([]);
  });

  test.each([
    [
      "by its framework",
      () => ({ message: "the disk is full", hint: "Free space." }),
      "failed: the disk is full.",
    ],
    ["not when that fails", () => Promise.reject(new Error("no idea")) as never, "ended with exit code 42:"],
  ])("that fails is explained %s, from its log and the machine as it is then", async (_, answer, message) => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, exitCode: 42, log: "no room\n", leaves: {} };
    const asked: FailedTraining[] = [];
    const framework: Framework = {
      ...memoryFramework(stage.world),
      explainFailure(given) {
        asked.push(given);
        return answer();
      },
    };
    const run = await startRun(stage.process({ framework }), stage);
    await expect(run.result).rejects.toMatchObject({
      code: "TRAINING_FAILED",
      message: expect.stringMatching(new RegExp(`${message}[\\s\\S]*no room`)),
      hint: expect.stringContaining(run.paths.log),
    });
    expect(asked).toMatchObject([{ exitCode: 42, output: "no room\n", facts: { os: expect.any(String) } }]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("whose best model is half a file brings the next best one", async () => {
    const stage = await createStage();
    stage.world.training = {
      ...stage.world.training,
      leaves: { "weights/best.model": "half", "weights/last.model": "whole: last" },
    };
    const run = await startRun(stage.process(), stage);
    const { artifacts } = await run.result;
    expect(artifacts).toMatchObject([
      { path: "weights/last.model", role: "model", insteadOf: ["weights/best.model"] },
    ]);
    await expect(readFile(join(stage.out, "weights/best.model"))).rejects.toThrow("ENOENT");
  });

  test("whose models are all half a file is an error, and nothing stands under a final name", async () => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, leaves: { "weights/best.model": "half" } };
    const run = await startRun(stage.process(), stage);
    await expect(run.result).rejects.toMatchObject({ code: "ARTIFACT_DAMAGED" });
    await expect(readFile(join(stage.out, "weights/best.model"))).rejects.toThrow("ENOENT");
  });

  test("that called its model otherwise: the search of its whole output finds it", async () => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, leaves: { "deep/er/epoch7.model": "whole: 7" } };
    const run = await startRun(stage.process(), stage);
    const { artifacts } = await run.result;
    expect(artifacts).toMatchObject([{ path: "deep/er/epoch7.model", role: "model" }]);
  });

  test("whose model lies elsewhere: the alternatives find it, but not another run's older one", async () => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, leaves: {} };
    stage.world.files.set("/home/memory/elsewhere/x.model", Buffer.from("whole: x"));
    const run = await startRun(stage.process(), stage);
    expect((await run.result).artifacts).toMatchObject([{ path: "x.model", role: "model" }]);
  });

  test("that left no model ends in a list of what is there", async () => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, leaves: { "notes.md": "nothing" } };
    const run = await startRun(stage.process(), stage);
    await expect(run.result).rejects.toMatchObject({
      code: "ARTIFACT_NOT_FOUND",
      message: expect.stringContaining("notes.md (7 bytes)"),
      hint: "Train for at least one epoch.",
    });
    expect(stage.world.alive()).toEqual([]);
  });
});

describe("a download that fails", () => {
  test.each(["to its end", "stopped by the user"])(
    "after a training %s leaves the model on a borrowed machine",
    async (how) => {
      const stage = await createStage({ ownership: "borrowed" });
      stage.world.faults.on("session.fetch", "throws", 10);
      const run = await startRun(stage.process(), stage);
      for await (const event of run.events) if (event.type === "progress") break;
      if (how === "stopped by the user") await run.stop();
      await expect(run.result).rejects.toMatchObject({ code: "ADAPTER_FAILED" });
      expect([...stage.world.files.keys()].filter((path) => path.endsWith("best.model"))).toHaveLength(1);
    },
  );

  test("on a rented machine does not keep it running", async () => {
    const stage = await createStage();
    stage.world.faults.on("session.fetch", "throws", 10);
    const run = await startRun(stage.process(), stage);
    await expect(run.result).rejects.toMatchObject({ code: "ADAPTER_FAILED" });
    expect(stage.world.alive()).toEqual([]);
  });
});

describe("before anything is spent", () => {
  const refused = async (change: (parts: ReturnType<typeof partsOf>) => object, code: string) => {
    const stage = await createStage();
    const parts = partsOf(stage);
    const attempt = (async () => {
      const unitrain = createUnitrain({ home: stage.home, ...parts, ...change(parts) });
      return unitrain.plan({ data: ".", out: stage.out });
    })();
    await expect(attempt).rejects.toMatchObject({ code });
    expect(stage.world.bill).toEqual([]);
  };
  const partsOf = ({ world }: Awaited<ReturnType<typeof createStage>>) => ({
    provider: memoryProvider(world),
    transport: memoryTransport(world),
    framework: memoryFramework(world),
  });

  test("an adapter of another spec version is refused", async () => {
    await refused(({ provider }) => ({ provider: { ...provider, specVersion: "v2" } }), "INVALID_ADAPTER");
    await refused(
      ({ transport }) => ({ transport: { ...transport, specVersion: undefined } }),
      "INVALID_ADAPTER",
    );
    await refused(({ framework }) => ({ framework: { ...framework, specVersion: "v0" } }), "INVALID_ADAPTER");
    await refused(() => ({ plugins: [{ specVersion: "v9", name: "p", hooks: {} }] }), "INVALID_ADAPTER");
  });

  test("a transport that cannot reach the provider's machines is refused", async () => {
    await refused(({ transport }) => ({ transport: { ...transport, supports: ["ssh"] } }), "REACH_MISMATCH");
    await refused(() => ({ transport: undefined }), "INVALID_OPTIONS");
  });

  test("an intent that cannot be written means no launch", async () => {
    const stage = await createStage();
    const unitrain = createUnitrain({
      home: stage.home,
      ...partsOf(stage),
      ports: {
        openLedgerFile: async () => ({
          append: async () => {
            throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
          },
        }),
      },
    });
    const plan = await unitrain.plan({ data: ".", out: stage.out });
    await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "LEDGER_UNWRITABLE" });
    expect(stage.world.bill).toEqual([]);
  });

  test("a ledger that fills up while renting stops the renting, and what there is goes back", async () => {
    const stage = await createStage();
    let writable = 3;
    const unitrain = createUnitrain({
      home: stage.home,
      ...partsOf(stage),
      ports: {
        clock: stage.clock,
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
    const run = await unitrain.start(await unitrain.plan({ data: ".", out: stage.out }));
    await expect(run.result).rejects.toThrow();
    expect(stage.world.bill.map(({ kind }) => kind)).toEqual(["ssh-key"]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("data that changed since the plan is refused", async () => {
    const stage = await createStage();
    const unitrain = stage.process();
    const plan = await unitrain.plan({ data: ".", out: stage.out });
    const other = { ...plan, data: { ...plan.data, digest: "0".repeat(64) } };
    await expect(unitrain.start(other)).rejects.toMatchObject({ code: "DATA_CHANGED" });
    expect(stage.world.bill).toEqual([]);
  });

  test("a plan is started once", async () => {
    const stage = await createStage();
    const unitrain = stage.process();
    const plan = await unitrain.plan({ data: ".", out: stage.out });
    const run = await unitrain.start(plan);
    await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "RUN_BUSY" });
    await run.result;
    await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "RUN_BUSY" });
    expect(stage.world.bill.filter(({ kind }) => kind === "instance")).toHaveLength(1);
  });

  test("an unusable name, budget or run id is a clear error", async () => {
    const stage = await createStage();
    const unitrain = stage.process();
    await expect(unitrain.plan({ data: ".", name: "../x" })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
    await expect(unitrain.plan({ data: ".", budgetUsd: Number.NaN })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
    await expect(openRuns({ home: stage.home }).attach("nope")).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
    });
  });
});

test.each([
  ["/dev/null/unitrain", "STATE_UNREADABLE"],
  // Node's own recursive mkdir never returns there.
  ["/proc/unitrain/state", "LEDGER_UNWRITABLE"],
])("a home that cannot be written to is said before anything is spent: %s", async (home, code) => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-home-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const world = memoryWorld(virtualClock());
  const unitrain = createUnitrain({
    home,
    provider: memoryProvider(world),
    transport: memoryTransport(world),
    framework: memoryFramework(world),
  });
  const plan = await unitrain.plan({ data: ".", out: folder, name: "x" }).catch((error: unknown) => error);
  const error = UnitrainError.isInstance(plan)
    ? plan
    : await unitrain
        .start(plan as Awaited<ReturnType<typeof unitrain.plan>>)
        .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(world.bill).toEqual([]);
});
