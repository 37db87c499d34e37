import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { access, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createLife, type Life, memoryFramework } from "@unitrain/conformance";
import { definePlugin, type Plan, type Plugin, type Run } from "@unitrain/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { createStage, eventsOf, type Stage } from "./engine-harness.ts";

const run = promisify(execFile);
const canMount = process.platform === "linux" && process.getuid?.() === 0;

const planOn = (stage: Stage, out = stage.out, unitrain = stage.process()) =>
  unitrain.plan({ data: ".", out });

async function train(stage: Stage, out = stage.out, plugins: readonly Plugin[] = []): Promise<Run> {
  const unitrain = stage.process({ plugins });
  const started = await unitrain.start(await planOn(stage, out, unitrain));
  await started.result.catch(() => {});
  return started;
}

const model = (folder: string) => readFile(join(folder, "weights/best.model"), "utf8");

describe("results that are there already", () => {
  test("are left alone: the next run takes the next free name, and the plan says so and creates nothing", async () => {
    const stage = await createStage();
    await train(stage);
    await writeFile(join(stage.out, "weights/best.model"), "of the first run");
    const before = (await readdir(stage.home, { recursive: true })).sort();

    const plan = await planOn(stage);
    expect(plan).toMatchObject({ out: `${stage.out}-2`, requestedOut: stage.out });
    expect((await readdir(stage.home, { recursive: true })).sort()).toEqual(before);

    const second = await train(stage);
    expect(second.paths.out).toBe(`${stage.out}-2`);
    expect(await model(second.paths.out)).toBe("whole: best");
    expect(await model(stage.out)).toBe("of the first run");
    expect((await train(stage)).paths.out).toBe(`${stage.out}-3`);
    expect(await readdir(second.paths.out)).toEqual(["receipt.json", "results.txt", "weights"]);
  });

  test("give a run that is called like its folder the folder's new name", async () => {
    const stage = await createStage();
    await mkdir(stage.out);
    await writeFile(join(stage.out, "notes.txt"), "mine");
    const given = { data: ".", out: stage.out };
    const settings = [{ name: "name", value: "out", source: "command line" }];
    const unitrain = stage.process();
    const plan = await unitrain.plan({ ...given, name: "out", settings });
    expect(plan).toMatchObject({ name: "out-2" });
    const both = { ...settings[0], used: "out-2" };
    expect(plan.settings).toContainEqual(both);
    // Taken as well until it is started.
    await mkdir(plan.out);
    await writeFile(join(plan.out, "notes.txt"), "mine");
    const run = await unitrain.start(plan);
    expect((await run.result).receipt.settings).toContainEqual({ ...both, used: "out-3" });
    expect(await stage.process().plan({ ...given, name: "other" })).toMatchObject({ name: "other" });
  });

  test("are overwritten where the user says so", async () => {
    const stage = await createStage();
    await train(stage);
    const framework = memoryFramework(stage.world);
    const description = { ...framework.describe(), overwrites: true };
    const unitrain = stage.process({ framework: { ...framework, describe: () => description } });
    const plan = await planOn(stage, stage.out, unitrain);
    expect(plan).toMatchObject({ out: stage.out, overwrites: true });
    await writeFile(join(stage.out, "weights/best.model"), "old");
    await (await unitrain.start(plan)).result;
    expect(await model(stage.out)).toBe("whole: best");
  });

  test("are overwritten by one run at a time", async () => {
    const stage = await createStage();
    stage.world.training.durationMs = 1_000_000;
    const framework = memoryFramework(stage.world);
    const description = { ...framework.describe(), overwrites: true };
    const unitrain = stage.process({ framework: { ...framework, describe: () => description } });
    await mkdir(stage.out);
    await writeFile(join(stage.out, "notes.txt"), "mine");
    const [first, second] = [
      await planOn(stage, stage.out, unitrain),
      await planOn(stage, stage.out, unitrain),
    ];
    const running = await unitrain.start(first);
    const inUse = {
      code: "OUTPUT_UNUSABLE",
      message: expect.stringContaining(`in use by the run ${first.runId}, which is not over`),
    };
    await expect(planOn(stage, stage.out, unitrain)).rejects.toMatchObject(inUse);
    await expect(unitrain.start(second)).rejects.toMatchObject(inUse);
    await running.stop();
    await (await unitrain.start(second)).stop();
    expect(await readdir(stage.out)).toEqual(["notes.txt"]);
  });

  test("of a run that took over a folder stay when an earlier one is released late", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.release", { answers: [] }, 10_000);
    await train(stage);
    while (stage.world.faults.take("provider.release") !== undefined);
    await rm(stage.out, { recursive: true });
    const second = await train(stage);
    expect(second.paths.out).toBe(stage.out);
    await stage.process().gc();
    expect(JSON.parse(await readFile(join(stage.out, "receipt.json"), "utf8"))).toMatchObject({
      runId: second.id,
    });
  });

  test("of the folder that the user works in are an error: nobody looks beside it", async () => {
    const stage = await createStage();
    for (const out of [process.cwd(), join(process.cwd(), "..")])
      await expect(planOn(stage, out)).rejects.toMatchObject({
        code: "OUTPUT_UNUSABLE",
        message: expect.stringContaining("work in it"),
      });
  });
});

describe("the folder that a run reserves", () => {
  test("is its own: of runs started at once each gets one, and says so when it is not the planned one", async () => {
    const stage = await createStage();
    const processes = [stage.process(), stage.process(), stage.process()];
    const plans = await Promise.all(processes.map((unitrain) => planOn(stage, stage.out, unitrain)));
    expect(plans.map(({ out }) => out)).toEqual([stage.out, stage.out, stage.out]);
    const runs = await Promise.all(processes.map((unitrain, at) => unitrain.start(plans[at] as Plan)));
    const outs = runs.map(({ paths }) => paths.out);
    expect(outs.toSorted()).toEqual([stage.out, `${stage.out}-2`, `${stage.out}-3`]);
    for (const one of runs) {
      const events = await eventsOf(one);
      const warned = events.some(
        (event) => event.type === "warning" && event.message.includes(one.paths.out),
      );
      expect(warned).toBe(one.paths.out !== stage.out);
      await one.result;
      expect(await model(one.paths.out)).toBe("whole: best");
    }
  });

  test("is removed with the folders above it when nothing came of the run", async () => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, leaves: {} };
    await train(stage, join(stage.home, "runs-of-mine/memory/first"));
    await expect(access(join(stage.home, "runs-of-mine"))).rejects.toThrow("ENOENT");
    const own = join(stage.home, "made by the user");
    await mkdir(own);
    await train(stage, own);
    expect(await readdir(own)).toEqual([]);
  });

  test("is kept for a run whose process died, and free again once that run is over", async () => {
    const stage = await createStage();
    const life = createLife();
    const unitrain = stage.process({ life });
    const dead = await unitrain.start(await planOn(stage, stage.out, unitrain));
    for await (const event of dead.events) if (event.type === "job" && event.state === "started") break;
    life.kill();
    await expect(planOn(stage)).resolves.toMatchObject({ out: `${stage.out}-2` });
    const next = await stage.process().attach();
    await next.result;
    expect(next.paths.out).toBe(stage.out);
    expect(await model(stage.out)).toBe("whole: best");
  });

  test("is not kept for a process that died before it wrote anything down", async () => {
    const { steps } = await lifeOfARun(await createStage());
    const stage = await createStage();
    await lifeOfARun(stage, steps.indexOf("ledger intent: before"));
    expect(await readdir(stage.out)).toEqual([".unitrain-reservation"]);
    expect((await train(stage)).paths.out).toBe(stage.out);
    expect(await readdir(stage.out)).toEqual(["receipt.json", "results.txt", "weights"]);
  });
});

async function lifeOfARun(stage: Stage, killAt?: number): Promise<Life> {
  const life = createLife(killAt);
  const unitrain = stage.process({ life });
  const whole = async () => (await unitrain.start(await planOn(stage, stage.out, unitrain))).result;
  await Promise.race([whole(), life.death]);
  return life;
}

describe("an output folder that cannot be used is refused in plan and in start, before anything is paid", () => {
  interface BadFolder {
    readonly what: string;
    readonly why: RegExp;
    readonly path: string;
    readonly spoil?: (home: string) => Promise<unknown>;
  }
  const bad: readonly BadFolder[] = [
    {
      what: "a file",
      why: /out cannot be used: it is a file/,
      path: "out",
      spoil: (home) => writeFile(join(home, "out"), ""),
    },
    {
      what: "below a file",
      why: /\/file is a file/,
      path: "file/below/it",
      spoil: (home) => writeFile(join(home, "file"), ""),
    },
    {
      what: "a link to nothing",
      why: /it is a symbolic link to nothing/,
      path: "out",
      spoil: (home) => symlink("/no/such/folder", join(home, "out")),
    },
    { what: "a name that is too long", why: /its name is too long/, path: "x".repeat(300) },
  ];
  const badOnLinux: typeof bad = [
    { what: "in /proc", why: /is not on a disk/, path: "/proc/results/deep" },
    { what: "in /sys", why: /is not on a disk/, path: "/sys/kernel/results" },
  ];

  test.each(bad)("one that is $what", isRefused);
  test.runIf(process.platform === "linux").each(badOnLinux)("one that is $what", isRefused);

  async function isRefused({ why, path, spoil }: BadFolder): Promise<void> {
    const stage = await createStage();
    const good = await planOn(stage);
    const out = resolve(stage.home, path);
    await spoil?.(stage.home);
    const refused = { code: "OUTPUT_UNUSABLE", message: expect.stringMatching(why) };
    await expect(planOn(stage, out)).rejects.toMatchObject(refused);
    await expect(stage.process().start({ ...good, out })).rejects.toMatchObject(refused);
    expect(stage.world.bill).toEqual([]);
    expect(await stage.process().runs()).toEqual([]);
    expect(await readdir(join(stage.home, "runs"))).toEqual([]);
  }

  test("one with less room than the results need", async () => {
    const stage = await createStage();
    const framework = memoryFramework(stage.world);
    const description = { ...framework.describe(), resultBytes: 1e18 };
    const unitrain = stage.process({ framework: { ...framework, describe: () => description } });
    await expect(planOn(stage, stage.out, unitrain)).rejects.toMatchObject({
      code: "OUTPUT_UNUSABLE",
      message: expect.stringMatching(/its disk has [\d.]+ GB free, and the results need about 1000 PB/),
    });
  });

  test.runIf(canMount)("one that is read-only", async () => {
    const stage = await createStage();
    await mountSmallDisk(stage.out, "1m,ro");
    await expect(planOn(stage)).rejects.toMatchObject({ message: expect.stringContaining("read-only") });
    await expect(planOn(stage, join(stage.out, "a/b"))).rejects.toMatchObject({ code: "OUTPUT_UNUSABLE" });
  });

  test.runIf(canMount)("one on a full disk", async () => {
    const stage = await createStage();
    const out = join(stage.out, "results");
    await mountSmallDisk(stage.out, "4m");
    const good = await planOn(stage, out);
    await fill(stage.out);
    const refused = { code: "OUTPUT_UNUSABLE", message: expect.stringContaining("its disk is full") };
    await expect(planOn(stage, out)).rejects.toMatchObject(refused);
    await expect(stage.process().start(good)).rejects.toMatchObject(refused);
    expect(stage.world.bill).toEqual([]);
  });
});

describe("an output folder that becomes unusable while the machine trains", () => {
  const faults: readonly (readonly [string, (out: string) => Promise<unknown>])[] = [
    ["was removed", (out) => rm(out, { recursive: true })],
    ["was replaced by a file", (out) => rm(out, { recursive: true }).then(() => writeFile(out, ""))],
    ["was replaced by another folder", (out) => rm(out, { recursive: true }).then(() => mkdir(out))],
  ];
  const mountFaults: typeof faults = [
    ["was unmounted", (out) => run("umount", [out])],
    ["is read-only", (out) => run("mount", ["-o", "remount,ro", out])],
    ["is full", fill],
  ];

  test.each(faults)("that %s does not cost the model", (_what, spoil) => savesElsewhere(spoil));

  test.runIf(canMount).each(mountFaults)("that %s does not cost the model", (_what, spoil) =>
    savesElsewhere(spoil, (out) => mountSmallDisk(out, "4m")),
  );

  test("that hangs in the middle of a download is given up", async () => {
    const stage = await createStage();
    const { faults } = stage.world;
    const { take } = faults;
    // As a network drive does: what is written into it never ends.
    faults.take = (call) => {
      if (call !== "session.fetch") return take(call);
      faults.take = take;
      rmSync(stage.out, { recursive: true });
      return "hangs";
    };
    const started = await train(stage);
    expect((await started.result).outcome).toBe("completed");
    expect(await model(join(started.paths.folder, "results"))).toBe("whole: best");
  });

  test("that vanishes once the model is in it does not cost the model", async () => {
    const stage = await createStage();
    const { faults } = stage.world;
    const { take } = faults;
    let fetches = 0;
    faults.take = (call) => {
      if (/^session\.fetch/.test(call) && ++fetches === 2) rmSync(stage.out, { recursive: true });
      return take(call);
    };
    const started = await train(stage);
    const { artifacts } = await started.result;
    const results = join(started.paths.folder, "results");
    expect(artifacts.map(({ path }) => path).sort()).toEqual(everything);
    for (const { path, localPath } of artifacts) expect(localPath).toBe(join(results, path));
    expect(await model(results)).toBe("whole: best");
  });

  test.runIf(canMount)(
    "whose disk has no room for all of it loses nothing: what does not fit lies elsewhere",
    async () => {
      const stage = await createStage();
      await mountSmallDisk(stage.out, "4m");
      const large = (letter: string) => letter.repeat(3_000_000);
      const leaves = {
        ...stage.world.training.leaves,
        "exports/first.bin": large("a"),
        "exports/second.bin": large("b"),
        ...Object.fromEntries(
          Array.from({ length: 9 }, (_, index) => [`labels/${index}.txt`, `${index}`.repeat(150_000)]),
        ),
      };
      stage.world.training = { ...stage.world.training, leaves };
      const started = await train(stage);
      const { outcome, artifacts, receipt } = await started.result;
      expect(outcome).toBe("completed");
      expect(receipt.out).toBe(stage.out);
      expect(await model(stage.out)).toBe("whole: best");
      for (const { path, localPath } of artifacts)
        expect(await readFile(localPath, "utf8"), path).toBe(leaves[path as keyof typeof leaves]);
      expect(artifacts.map(({ path }) => path).sort()).toEqual(Object.keys(leaves).sort());
      expect(receipt.leftBehind ?? []).toEqual([]);
      const results = join(started.paths.folder, "results");
      expect(artifacts.some(({ localPath }) => localPath.startsWith(results))).toBe(true);
      const warnings = (await eventsOf(started)).flatMap((event) =>
        event.type === "warning" && event.phase === "download" ? [event.message] : [],
      );
      expect(warnings).toEqual([
        `The disk of ${stage.out} is full. What it has no room for is saved in ${results} instead.`,
      ]);
    },
  );

  test("that cannot store one file keeps the others", async () => {
    for (const [inTheWay, spoil] of [
      ["results.txt", (path: string) => mkdir(path)],
      ["weights", (path: string) => writeFile(path, "a file of the user's")],
    ] as const) {
      const stage = await createStage();
      const started = await train(stage, stage.out, [spoiler(() => spoil(join(stage.out, inTheWay)))]);
      const { artifacts } = await started.result;
      const results = join(started.paths.folder, "results");
      expect(started.paths.out).toBe(stage.out);
      for (const { path, localPath } of artifacts)
        expect(localPath).toBe(join(path.startsWith(inTheWay) ? results : stage.out, path));
      expect(artifacts.map(({ path }) => path).sort()).toEqual(everything);
      const warned = (await eventsOf(started)).filter((event) => event.type === "warning");
      expect(warned.map(({ message }) => message).join("\n")).toContain(`saved in ${results} instead`);
    }
  });

  const everything = ["results.txt", "weights/best.model", "weights/last.model"];

  const spoiler = (spoil: () => Promise<unknown>) =>
    definePlugin({ name: "spoiler", hooks: { locateArtifact: async () => void (await spoil()) } });

  async function savesElsewhere(
    spoil: (out: string) => Promise<unknown>,
    prepare: (out: string) => Promise<unknown> = async () => {},
  ): Promise<void> {
    const stage = await createStage();
    await prepare(stage.out);
    const big = { "weights/best.model": `whole: best${" ".repeat(500_000)}` };
    stage.world.training = { ...stage.world.training, leaves: { ...stage.world.training.leaves, ...big } };
    const started = await train(stage, stage.out, [spoiler(() => spoil(stage.out))]);
    const events = await eventsOf(started);
    const { outcome, artifacts, receipt } = await started.result;
    expect(outcome).toBe("completed");
    const results = join(started.paths.folder, "results");
    expect([started.paths.out, receipt.out]).toEqual([results, results]);
    expect(artifacts[0]).toMatchObject({ role: "model", localPath: join(results, "weights/best.model") });
    expect(await model(results)).toMatch(/^whole: best/);
    expect(artifacts.map(({ path }) => path).sort()).toEqual(everything);
    expect(JSON.parse(await readFile(join(results, "receipt.json"), "utf8"))).toEqual(receipt);
    const [summary] = await stage.process().runs();
    const replayed = await stage.process().attach();
    expect([summary?.out, replayed.paths.out]).toEqual([results, results]);

    const at = (type: string, more: (event: (typeof events)[number]) => boolean) =>
      events.findIndex((event) => event.type === type && more(event));
    const saved = at("artifact", () => true);
    const released = at("phase", (event) => event.type === "phase" && event.phase === "teardown");
    const warned = events.find((event) => event.type === "warning" && event.message.includes(results));
    expect(saved).toBeGreaterThan(0);
    expect(saved).toBeLessThan(released);
    if (warned?.type !== "warning") throw new Error("nothing was said");
    // The command works as it is.
    const target = join(stage.home, "copied");
    const command = warned.hint?.replace(/^[^:]*: /, "").replace(/ (?:\S+|'[^']*')$/, ` '${target}'`) ?? "";
    await run("sh", ["-c", command]);
    expect(await model(target)).toBe(await model(results));
  }
});

const fill = (folder: string) => writeFile(join(folder, "filler"), Buffer.alloc(8 << 20)).catch(() => {});

/** A real file system with room for little. Needs root. */
async function mountSmallDisk(folder: string, options: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", `size=${options}`, "tmpfs", folder]);
  onTestFinished(async () => void (await run("umount", [folder]).catch(() => {})));
}
