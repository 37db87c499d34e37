import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  createLife,
  memoryFramework,
  memoryProvider,
  memoryTransport,
  mortalPorts,
} from "@unitrain/conformance";
import { openRuns, type Run, type RunsOptions } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { createStage, type Stage } from "./engine-harness.ts";

const minutes = 60_000;
const hours = 60 * minutes;
/** Virtual time passes while a real file is written: a download that is to come to its end has plenty of it. */
const patient = { downloadWithinMs: 100 * hours };

/** A run that trains for long, and whose process has died. */
async function orphanedRun(stage: Stage, name = "orphan"): Promise<Run> {
  stage.world.training.durationMs = 1_000 * hours;
  const life = createLife();
  const unitrain = stage.process({ life });
  const plan = await unitrain.plan({ data: ".", name, out: join(stage.out, name) });
  const run = await unitrain.start(plan);
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  life.kill();
  return run;
}

/** When the provider was asked to end the instance of a run. */
function terminatedAt({ world }: Stage, run: Run): number {
  const instance = world.bill.find(({ kind, name }) => kind === "instance" && name?.includes(run.id));
  return (instance?.endingAt ?? Number.POSITIVE_INFINITY) - world.endsAfterMs;
}

describe("gc of a training that nobody drives", () => {
  test("stops it, downloads what there is, and releases", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    const said: string[] = [];
    const report = await stage.process().gc({ ...patient, showStatus: (message) => said.push(message) });
    const model = join(run.paths.out, "weights/best.model");
    expect(report.trainings).toMatchObject([
      { runId: run.id, name: "orphan", model: "downloaded", path: model },
    ]);
    expect(await readFile(model, "utf8")).toBe("whole: best");
    expect(said).toEqual([expect.stringMatching(/^orphan: .* in at most 6000 minutes/)]);
    expect(report).toMatchObject({ unconfirmed: [], driven: [] });
    expect(report.released).toHaveLength(3);
    expect(stage.world.alive()).toEqual([]);
    const [summary] = await stage.process().runs();
    expect(summary).toMatchObject({ state: "over", outcome: "stopped" });
  });

  test("that had left no model says so", async () => {
    const stage = await createStage();
    stage.world.training.leaves = {};
    await orphanedRun(stage);
    expect((await stage.process().gc(patient)).trainings).toMatchObject([{ model: "none" }]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("with discard releases at once", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    const begin = stage.clock.now();
    const report = await stage.process().gc({ trainings: "discard" });
    expect(report.trainings).toMatchObject([{ model: "discarded", files: [] }]);
    expect(terminatedAt(stage, run) - begin).toBeLessThan(5_000);
    expect(stage.world.alive()).toEqual([]);
  });

  test("with finish hands it to the guardian, which brings it to its end", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    const guardian = await stage.locks.take(join(stage.home, "guardian.lock"));
    const report = await stage.process().gc({ trainings: "finish" });
    await guardian?.release();
    expect(report).toMatchObject({
      trainings: [{ model: "finishing" }],
      released: [],
      unconfirmed: [],
    });
    expect(stage.world.alive()).toHaveLength(3);
    stage.clock.advance(999 * hours);
    await stage.process().guard();
    const [summary] = await stage.process().runs();
    expect(summary).toMatchObject({ id: run.id, state: "over", outcome: "completed" });
    expect(stage.world.alive()).toEqual([]);
  });

  test("with finish, and no guardian, is not confirmed gone", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    const { unconfirmed } = await stage.process().gc({ trainings: "finish" });
    expect(unconfirmed).toHaveLength(3);
    expect(unconfirmed[0]?.reason).toMatch(/no guardian/);
    await stage.process().gc();
  });

  test.each([
    ["its download hangs", "session.fetch", "hangs"],
    ["its files cannot be listed", "session.list", "hangs"],
    ["its machine cannot be reached", "transport.connect", "cut"],
    ["its machine does not answer", "transport.connect", "hangs"],
    ["the provider cannot be asked", "provider.look", "hangs"],
  ] as const)(
    "is bounded when %s: then the machine is released, and what is lost is said",
    async (_what, call, fault) => {
      const stage = await createStage();
      const run = await orphanedRun(stage);
      stage.world.faults.on(call, fault, 10_000);
      const begin = stage.clock.now();
      const report = await stage.process().gc({ downloadWithinMs: 3 * minutes });
      expect(terminatedAt(stage, run) - begin).toBeLessThan(3 * minutes + 10_000);
      expect(stage.world.alive()).toEqual([]);
      expect(report.unconfirmed).toEqual([]);
      if (call !== "provider.look")
        expect(report.trainings).toMatchObject([
          { model: "lost", reason: expect.stringMatching(/within 3 minutes/) },
        ]);
    },
  );

  test("whose process had failed and died before it had downloaded anything is downloaded", async () => {
    const stage = await createStage();
    stage.world.training.durationMs = 1_000 * hours;
    const life = createLife();
    const pass = life.pass.bind(life);
    life.pass = async (step) => {
      if (step === "session.list: before") life.kill();
      return pass(step);
    };
    const unitrain = stage.process({ life });
    const run = await unitrain.start(await unitrain.plan({ data: ".", out: stage.out }));
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    for (const call of ["session.follow-part", "session.look"]) stage.world.faults.on(call, "throws", 10_000);
    await life.death;
    for (const call of ["session.follow-part", "session.look"])
      while (stage.world.faults.take(call) !== undefined);
    expect(await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8")).toContain('"failed"');
    expect((await stage.process().gc(patient)).trainings).toMatchObject([{ model: "downloaded" }]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("that does not stop is downloaded as it is", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    const { output } = stage.world.jobs.get(`${run.id}-1`) ?? {};
    stage.world.files.set(`${output}/weights/best.model`, Buffer.from("whole: so far"));
    stage.world.faults.on("session.stop", "hangs", 10_000);
    const report = await stage.process().gc(patient);
    expect(report.trainings).toMatchObject([{ model: "downloaded" }]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("whose machine cannot be entered, whoever waits, is released within seconds, and what is lost is said", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    const reason = "the machine's own key cannot be used";
    stage.world.faults.on(
      "transport.connect",
      { answers: { ready: false, step: "login", reason, final: true } },
      10_000,
    );
    const begin = stage.clock.now();
    const report = await stage.process().gc();
    expect(terminatedAt(stage, run) - begin).toBeLessThan(20_000);
    expect(report.trainings).toMatchObject([{ model: "lost", reason: expect.stringContaining(reason) }]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("that lost its model says why, also where its release is not confirmed", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    const reason = "the machine's own key cannot be used";
    const answers = { ready: false, step: "login", reason, final: true };
    stage.world.faults.on("transport.connect", { answers }, 10_000);
    stage.world.faults.on("provider.release", "throws", 10_000);
    const report = await stage.process().gc();
    expect(report.trainings).toMatchObject([{ model: "lost", reason: expect.stringContaining(reason) }]);
    expect(report.unconfirmed).toHaveLength(3);
    while (stage.world.faults.take("provider.release") !== undefined);
    await stage.process().gc();
  });

  test("shows why the provider does not confirm, once, while it goes on asking", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    stage.world.faults.on("provider.release", "throws", 3);
    const shown: string[] = [];
    await stage.process().gc({ ...patient, showStatus: (message) => shown.push(message) });
    expect(shown.filter((message) => /^orphan: .* has not confirmed yet/.test(message))).toHaveLength(1);
    expect(stage.world.alive()).toEqual([]);
  });

  test("is told to give it no more time: it is released at once", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    stage.world.faults.on("session.fetch", "hangs", 10);
    const abort = new AbortController();
    const begin = stage.clock.now();
    stage.clock.after(30_000, () => abort.abort());
    const report = await stage.process().gc({ signal: abort.signal });
    expect(terminatedAt(stage, run) - begin).toBeLessThan(45_000);
    expect(report.trainings).toMatchObject([{ model: "lost" }]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("that hangs keeps no other from being released", async () => {
    const stage = await createStage();
    const first = await orphanedRun(stage, "first");
    const second = await orphanedRun(stage, "second");
    stage.world.faults.on("session.fetch", "hangs", 1);
    const begin = stage.clock.now();
    await stage.process().gc(patient);
    const waited = [first, second].map((run) => terminatedAt(stage, run) - begin);
    expect(Math.max(...waited)).toBeGreaterThan(9 * minutes);
    expect(Math.min(...waited)).toBeLessThan(Math.max(...waited));
    expect(stage.world.alive()).toEqual([]);
  });

  test("that ended while nobody looked is completed", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    stage.clock.advance(2_000 * hours);
    expect((await stage.process().gc(patient)).trainings).toMatchObject([{ model: "downloaded" }]);
    expect((await stage.process().runs())[0]).toMatchObject({ state: "over", outcome: "completed" });
  });

  test("only lists with a dry run what would be downloaded", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    const report = await stage.process().gc({ dryRun: true });
    expect(report.trainings).toMatchObject([{ model: "pending" }]);
    expect(report.pending).toHaveLength(3);
    expect(stage.world.alive()).toHaveLength(3);
    await stage.process().gc();
  });
});

describe("gc of a run that a living process drives", () => {
  test("and that trains leaves it alone, and says what costs on", async () => {
    const stage = await createStage();
    stage.world.training.durationMs = 60 * minutes;
    const unitrain = stage.process();
    const run = await unitrain.start(await unitrain.plan({ data: ".", out: stage.out }));
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    const { driven } = await stage.process().gc();
    expect(driven).toMatchObject([{ runId: run.id, guarded: false, releasing: false }]);
    expect(driven[0]?.unreleased).toHaveLength(3);
    await run.stop();
  });

  test("and that is being released waits for it", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    stage.world.faults.on("provider.end-instance", "throws", 6);
    const first = stage.process().gc({ trainings: "discard" });
    while (!(await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8")).includes('"releasing"'))
      await stage.clock.wait(10);
    const second = await stage.process().gc();
    expect([second.driven, second.unconfirmed]).toEqual([[], []]);
    expect(stage.world.alive()).toEqual([]);
    await first;
  });
});

describe("gc releases also", () => {
  const others = (stage: Stage, options: Partial<RunsOptions> = {}) =>
    openRuns(
      {
        home: stage.home,
        guardian: false,
        ports: mortalPorts(createLife(), stage.clock, stage.locks),
        ...options,
      },
      { provider: memoryProvider(stage.world) },
    );

  test("when framework and transport cannot be loaded here, and says that the model is lost for that", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    const load = async () => {
      throw new Error("not installed");
    };
    const { trainings, unconfirmed } = await others(stage, { load }).gc();
    expect(stage.world.alive()).toEqual([]);
    expect(unconfirmed).toEqual([]);
    expect(trainings).toMatchObject([{ model: "lost", reason: expect.stringMatching(/cannot be loaded/) }]);
  });

  test("when the events cannot be written", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    await rm(join(run.paths.folder, "events.jsonl"));
    await mkdir(join(run.paths.folder, "events.jsonl"));
    const { trainings } = await stage.process().gc(patient);
    expect(trainings, trainings[0]?.reason).toMatchObject([{ model: "downloaded" }]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("when the ledger can be read only: what is gone stays in it, and is not confirmed", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    const ports = {
      ...mortalPorts(createLife(), stage.clock, stage.locks),
      openLedgerFile: async () => {
        throw Object.assign(new Error("read-only"), { code: "EROFS" });
      },
    };
    const { unconfirmed } = await others(stage, { ports }).gc();
    expect(stage.world.alive()).toEqual([]);
    expect(unconfirmed).toHaveLength(3);
    expect(unconfirmed[0]?.reason).toMatch(/ledger .* cannot be written/);
    expect(unconfirmed.every(({ isGone }) => isGone === true)).toBe(true);
  });

  test("when the ledger can be read only, after a download", async () => {
    const stage = await createStage();
    const run = await orphanedRun(stage);
    const ports = {
      ...mortalPorts(createLife(), stage.clock, stage.locks),
      openLedgerFile: async () => {
        throw Object.assign(new Error("read-only"), { code: "EROFS" });
      },
    };
    const { world } = stage;
    const known = {
      provider: memoryProvider(world),
      transport: memoryTransport(world),
      framework: memoryFramework(world),
    };
    const { trainings } = await openRuns({ home: stage.home, guardian: false, ports }, known).gc(patient);
    expect(trainings, trainings[0]?.reason).toMatchObject([{ model: "downloaded" }]);
    expect(await readFile(join(run.paths.out, "weights/best.model"), "utf8")).toBe("whole: best");
    expect(world.alive()).toEqual([]);
  });

  test("and reports nothing as gone that the provider did not prove", async () => {
    const stage = await createStage();
    await orphanedRun(stage);
    stage.world.faults.on("provider.release", "throws", 10_000);
    const report = await stage.process().gc(patient);
    expect(report.released).toEqual([]);
    expect(report.unconfirmed).toHaveLength(3);
    expect(report.unconfirmed.some(({ isGone }) => isGone)).toBe(false);
    while (stage.world.faults.take("provider.release") !== undefined);
    expect((await stage.process().gc()).released).toHaveLength(3);
  });

  test("the other runs when one cannot be locked", async () => {
    const stage = await createStage();
    const first = await orphanedRun(stage, "first");
    await orphanedRun(stage, "second");
    const ports = mortalPorts(createLife(), stage.clock, stage.locks);
    const locks = {
      ...ports.locks,
      take: async (path: string) => {
        if (path.includes(first.id)) throw new Error("EACCES: permission denied");
        return ports.locks.take(path);
      },
    };
    const { unreadable } = await others(stage, { ports: { ...ports, locks } }).gc();
    expect(unreadable).toMatchObject([
      { runId: first.id, problem: { message: expect.stringMatching(/EACCES/) } },
    ]);
    expect(stage.world.alive().filter(({ name }) => name !== undefined && !name.includes(first.id))).toEqual(
      [],
    );
    await stage.process().gc();
  });
});
