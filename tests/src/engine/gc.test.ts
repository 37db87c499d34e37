import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  createLifetime,
  killablePorts,
  memoryFramework,
  memoryProvider,
  memoryTransport,
} from "@unitrain/conformance";
import { openRuns, type Run, type RunsOptions } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { createEngineHarness, type EngineHarness, getLeaseLedgerPath } from "./engine-harness.ts";

const minutes = 60_000;
const hours = 60 * minutes;
/** Virtual time passes while a real file is written, so a download that should complete gets plenty of it. */
const patient = { downloadWithinMs: 100 * hours };

/** Starts a long training and kills its process. */
async function orphanedRun(harness: EngineHarness, name = "orphan"): Promise<Run> {
  harness.cloud.training.durationMs = 1_000 * hours;
  const lifetime = createLifetime();
  const unitrain = harness.process({ lifetime });
  const plan = await unitrain.plan({ data: ".", name, out: join(harness.out, name) });
  const run = await unitrain.start(plan);
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  lifetime.kill();
  return run;
}

/** Returns when the provider was asked to end the instance of a run. */
function terminatedAt({ cloud }: EngineHarness, run: Run): number {
  const instance = cloud.bill.find(({ kind, name }) => kind === "instance" && name?.includes(run.id));
  return (instance?.endingAt ?? Number.POSITIVE_INFINITY) - cloud.endsAfterMs;
}

describe("gc of a training without a running process", () => {
  test("stops it, downloads the results and releases", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    const messages: string[] = [];
    const report = await harness
      .process()
      .gc({ ...patient, showStatus: (message) => messages.push(message) });
    const model = join(run.paths.out, "weights/best.model");
    expect(report.trainings).toMatchObject([
      { runId: run.id, name: "orphan", model: "downloaded", path: model },
    ]);
    expect(await readFile(model, "utf8")).toBe("whole: best");
    expect(messages).toEqual([expect.stringMatching(/^orphan: .* for at most 6,?000 minutes/)]);
    expect(report).toMatchObject({ unconfirmed: [], driven: [] });
    expect(report.released).toHaveLength(3);
    expect(harness.cloud.alive()).toEqual([]);
    const [summary] = await harness.process().runs();
    expect(summary).toMatchObject({ state: "over", outcome: "stopped" });
  });

  test("reports that there is no model", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training.leaves = {};
    await orphanedRun(harness);
    expect((await harness.process().gc(patient)).trainings).toMatchObject([{ model: "none" }]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("with discard releases at once", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    const begin = harness.clock.now();
    const report = await harness.process().gc({ trainings: "discard" });
    expect(report.trainings).toMatchObject([{ model: "discarded", files: [] }]);
    expect(terminatedAt(harness, run) - begin).toBeLessThan(5_000);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("with finish hands it to the guardian, which completes it", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    const guardian = await harness.locks.take(join(harness.home, "guardian.lock"));
    const report = await harness.process().gc({ trainings: "finish" });
    await guardian?.release();
    expect(report).toMatchObject({
      trainings: [{ model: "finishing" }],
      released: [],
      unconfirmed: [],
    });
    expect(harness.cloud.alive()).toHaveLength(3);
    harness.clock.advance(999 * hours);
    await harness.process().guard();
    const [summary] = await harness.process().runs();
    expect(summary).toMatchObject({ id: run.id, state: "over", outcome: "completed" });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("with finish and no guardian reports its resources as unconfirmed", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    const { unconfirmed } = await harness.process().gc({ trainings: "finish" });
    expect(unconfirmed).toHaveLength(3);
    expect(unconfirmed[0]?.reason).toMatch(/no guardian/);
    await harness.process().gc();
  });

  test.each([
    ["its download hangs", "session.fetch", "hangs"],
    ["its files cannot be listed", "session.list", "hangs"],
    ["its machine cannot be reached", "transport.connect", "cut"],
    ["its machine does not answer", "transport.connect", "hangs"],
    ["the provider cannot be asked", "provider.getMachineState", "hangs"],
  ] as const)(
    "releases the machine at a deadline when %s, and reports what is lost",
    async (_what, call, fault) => {
      const harness = await createEngineHarness();
      const run = await orphanedRun(harness);
      harness.cloud.faults.on(call, fault, 10_000);
      const begin = harness.clock.now();
      const report = await harness.process().gc({ downloadWithinMs: 3 * minutes });
      expect(terminatedAt(harness, run) - begin).toBeLessThan(3 * minutes + 10_000);
      expect(harness.cloud.alive()).toEqual([]);
      expect(report.unconfirmed).toEqual([]);
      if (call !== "provider.getMachineState")
        expect(report.trainings).toMatchObject([
          { model: "lost", reason: expect.stringMatching(/within 3 minutes/) },
        ]);
    },
  );

  test("downloads results when its process failed and died before the download", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training.durationMs = 1_000 * hours;
    const lifetime = createLifetime();
    const pass = lifetime.pass.bind(lifetime);
    lifetime.pass = async (step) => {
      if (step === "session.list: before") lifetime.kill();
      return pass(step);
    };
    const unitrain = harness.process({ lifetime });
    const run = await unitrain.start(await unitrain.plan({ data: ".", out: harness.out }));
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    for (const call of ["session.follow-part", "session.getJobState"])
      harness.cloud.faults.on(call, "throws", 10_000);
    await lifetime.death;
    for (const call of ["session.follow-part", "session.getJobState"])
      while (harness.cloud.faults.take(call) !== undefined);
    expect(await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8")).toContain('"failed"');
    expect((await harness.process().gc(patient)).trainings).toMatchObject([{ model: "downloaded" }]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("downloads the current results when the training does not stop", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    const { output } = harness.cloud.jobs.get(`${run.id}-1`) ?? {};
    harness.cloud.files.set(`${output}/weights/best.model`, Buffer.from("whole: so far"));
    harness.cloud.faults.on("session.stop", "hangs", 10_000);
    const report = await harness.process().gc(patient);
    expect(report.trainings).toMatchObject([{ model: "downloaded" }]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("releases an unreachable machine within seconds, even while others wait for it, and reports what is lost", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    const reason = "the machine's own key cannot be used";
    harness.cloud.faults.on(
      "transport.connect",
      { answers: { ready: false, step: "login", reason, final: true } },
      10_000,
    );
    const begin = harness.clock.now();
    const report = await harness.process().gc();
    expect(terminatedAt(harness, run) - begin).toBeLessThan(20_000);
    expect(report.trainings).toMatchObject([{ model: "lost", reason: expect.stringContaining(reason) }]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("reports why the model was lost, also when the release is not confirmed", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    const reason = "the machine's own key cannot be used";
    const answers = { ready: false, step: "login", reason, final: true };
    harness.cloud.faults.on("transport.connect", { answers }, 10_000);
    harness.cloud.faults.on("provider.release", "throws", 10_000);
    const report = await harness.process().gc();
    expect(report.trainings).toMatchObject([{ model: "lost", reason: expect.stringContaining(reason) }]);
    expect(report.unconfirmed).toHaveLength(3);
    while (harness.cloud.faults.take("provider.release") !== undefined);
    await harness.process().gc();
  });

  test("shows once why the provider does not confirm, and keeps asking", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    harness.cloud.faults.on("provider.release", "throws", 3);
    const shown: string[] = [];
    await harness.process().gc({ ...patient, showStatus: (message) => shown.push(message) });
    expect(shown.filter((message) => /^orphan: .* has not confirmed yet/.test(message))).toHaveLength(1);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("releases at once when the user ends the wait", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    harness.cloud.faults.on("session.fetch", "hangs", 10);
    const abort = new AbortController();
    const begin = harness.clock.now();
    harness.clock.after(30_000, () => abort.abort());
    const report = await harness.process().gc({ signal: abort.signal });
    expect(terminatedAt(harness, run) - begin).toBeLessThan(45_000);
    expect(report.trainings).toMatchObject([{ model: "lost" }]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("releases other runs while this one hangs", async () => {
    const harness = await createEngineHarness();
    const first = await orphanedRun(harness, "first");
    const second = await orphanedRun(harness, "second");
    harness.cloud.faults.on("session.fetch", "hangs", 1);
    const begin = harness.clock.now();
    await harness.process().gc(patient);
    const waited = [first, second].map((run) => terminatedAt(harness, run) - begin);
    expect(Math.max(...waited)).toBeGreaterThan(9 * minutes);
    expect(Math.min(...waited)).toBeLessThan(Math.max(...waited));
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("completes a training that ended unobserved", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    harness.clock.advance(2_000 * hours);
    expect((await harness.process().gc(patient)).trainings).toMatchObject([{ model: "downloaded" }]);
    expect((await harness.process().runs())[0]).toMatchObject({ state: "over", outcome: "completed" });
  });

  test("with a dry run only lists what would be downloaded", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    const report = await harness.process().gc({ dryRun: true });
    expect(report.trainings).toMatchObject([{ model: "pending" }]);
    expect(report.pending).toHaveLength(3);
    expect(harness.cloud.alive()).toHaveLength(3);
    await harness.process().gc();
  });
});

describe("gc of a run with a running process", () => {
  test("leaves a training alone, and reports what still costs", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training.durationMs = 60 * minutes;
    const unitrain = harness.process();
    const run = await unitrain.start(await unitrain.plan({ data: ".", out: harness.out }));
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    const { driven } = await harness.process().gc();
    expect(driven).toMatchObject([{ runId: run.id, guarded: false, releasing: false }]);
    expect(driven[0]?.unreleased).toHaveLength(3);
    await run.stop();
  });

  test("waits while the run is being released", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    harness.cloud.faults.on("provider.end-instance", "throws", 6);
    const first = harness.process().gc({ trainings: "discard" });
    while (!(await readFile(getLeaseLedgerPath(harness, run), "utf8")).includes('"releasing"'))
      await harness.clock.wait(10);
    const second = await harness.process().gc();
    expect([second.driven, second.unconfirmed]).toEqual([[], []]);
    expect(harness.cloud.alive()).toEqual([]);
    await first;
  });
});

describe("gc releases", () => {
  const openRunsWith = (harness: EngineHarness, options: Partial<RunsOptions> = {}) =>
    openRuns(
      {
        home: harness.home,
        guardian: false,
        ports: killablePorts(createLifetime(), harness.clock, harness.locks),
        ...options,
      },
      { provider: memoryProvider(harness.cloud) },
    );

  test("when framework and transport cannot be loaded here, and reports that the model is therefore lost", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    const load = async () => {
      throw new Error("not installed");
    };
    const { trainings, unconfirmed } = await openRunsWith(harness, { load }).gc();
    expect(harness.cloud.alive()).toEqual([]);
    expect(unconfirmed).toEqual([]);
    expect(trainings).toMatchObject([{ model: "lost", reason: expect.stringMatching(/Cannot load/) }]);
  });

  test("when the events cannot be written", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    await rm(join(run.paths.folder, "events.jsonl"));
    await mkdir(join(run.paths.folder, "events.jsonl"));
    const { trainings } = await harness.process().gc(patient);
    expect(trainings, trainings[0]?.reason).toMatchObject([{ model: "downloaded" }]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("when the ledger is read-only, and reports its resources as unconfirmed", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    const ports = {
      ...killablePorts(createLifetime(), harness.clock, harness.locks),
      openLedgerFile: async () => {
        throw Object.assign(new Error("read-only"), { code: "EROFS" });
      },
    };
    const { unconfirmed } = await openRunsWith(harness, { ports }).gc();
    expect(harness.cloud.alive()).toEqual([]);
    expect(unconfirmed).toHaveLength(3);
    expect(unconfirmed[0]?.reason).toMatch(/ledger .* cannot be written/);
    expect(unconfirmed.every(({ isGone }) => isGone === true)).toBe(true);
  });

  test("after a download when the ledger is read-only", async () => {
    const harness = await createEngineHarness();
    const run = await orphanedRun(harness);
    const ports = {
      ...killablePorts(createLifetime(), harness.clock, harness.locks),
      openLedgerFile: async () => {
        throw Object.assign(new Error("read-only"), { code: "EROFS" });
      },
    };
    const { cloud } = harness;
    const listed = {
      provider: memoryProvider(cloud),
      transport: memoryTransport(cloud),
      framework: memoryFramework(cloud),
    };
    const { trainings } = await openRuns({ home: harness.home, guardian: false, ports }, listed).gc(patient);
    expect(trainings, trainings[0]?.reason).toMatchObject([{ model: "downloaded" }]);
    expect(await readFile(join(run.paths.out, "weights/best.model"), "utf8")).toBe("whole: best");
    expect(cloud.alive()).toEqual([]);
  });

  test("without reporting resources as gone that the provider did not prove", async () => {
    const harness = await createEngineHarness();
    await orphanedRun(harness);
    harness.cloud.faults.on("provider.release", "throws", 10_000);
    const report = await harness.process().gc(patient);
    expect(report.released).toEqual([]);
    expect(report.unconfirmed).toHaveLength(3);
    expect(report.unconfirmed.some(({ isGone }) => isGone)).toBe(false);
    while (harness.cloud.faults.take("provider.release") !== undefined);
    expect((await harness.process().gc()).released).toHaveLength(3);
  });

  test("the other runs when one cannot be locked", async () => {
    const harness = await createEngineHarness();
    const first = await orphanedRun(harness, "first");
    await orphanedRun(harness, "second");
    const ports = killablePorts(createLifetime(), harness.clock, harness.locks);
    const locks = {
      ...ports.locks,
      take: async (path: string) => {
        if (path.includes(first.id)) throw new Error("EACCES: permission denied");
        return ports.locks.take(path);
      },
    };
    const { unreadable } = await openRunsWith(harness, { ports: { ...ports, locks } }).gc();
    expect(unreadable).toMatchObject([
      { runId: first.id, problem: { message: expect.stringMatching(/EACCES/) } },
    ]);
    expect(
      harness.cloud.alive().filter(({ name }) => name !== undefined && !name.includes(first.id)),
    ).toEqual([]);
    await harness.process().gc();
  });
});
