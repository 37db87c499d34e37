import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { access, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createLifetime, type Lifetime, memoryFramework } from "@unitrain/conformance";
import { definePlugin, type Plan, type Plugin, type Run } from "@unitrain/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { collectEvents, createEngineHarness, type EngineHarness } from "./engine-harness.ts";

const run = promisify(execFile);
const canMount = process.platform === "linux" && process.getuid?.() === 0;

const planOn = (harness: EngineHarness, out = harness.out, unitrain = harness.process()) =>
  unitrain.plan({ data: ".", out });

async function train(
  harness: EngineHarness,
  out = harness.out,
  plugins: readonly Plugin[] = [],
): Promise<Run> {
  const unitrain = harness.process({ plugins });
  const started = await unitrain.start(await planOn(harness, out, unitrain));
  await started.result.catch(() => {});
  return started;
}

const model = (folder: string) => readFile(join(folder, "weights/best.model"), "utf8");

describe("existing results", () => {
  test("are left alone: the next run uses the next free name, which the plan shows without creating it", async () => {
    const harness = await createEngineHarness();
    await train(harness);
    await writeFile(join(harness.out, "weights/best.model"), "of the first run");
    const before = (await readdir(harness.home, { recursive: true })).sort();

    const plan = await planOn(harness);
    expect(plan).toMatchObject({ out: `${harness.out}-2`, requestedOut: harness.out });
    expect((await readdir(harness.home, { recursive: true })).sort()).toEqual(before);

    const second = await train(harness);
    expect(second.paths.out).toBe(`${harness.out}-2`);
    expect(await model(second.paths.out)).toBe("whole: best");
    expect(await model(harness.out)).toBe("of the first run");
    expect((await train(harness)).paths.out).toBe(`${harness.out}-3`);
    expect(await readdir(second.paths.out)).toEqual(["receipt.json", "results.txt", "weights"]);
  });

  test("rename the run together with its folder when both have the same name", async () => {
    const harness = await createEngineHarness();
    await mkdir(harness.out);
    await writeFile(join(harness.out, "notes.txt"), "mine");
    const planOptions = { data: ".", out: harness.out };
    const settings = [{ name: "name", value: "out", source: "command line" }];
    const unitrain = harness.process();
    const plan = await unitrain.plan({ ...planOptions, name: "out", settings });
    expect(plan).toMatchObject({ name: "out-2" });
    const both = { ...settings[0], used: "out-2" };
    expect(plan.settings).toContainEqual(both);
    // A planned folder is reserved until its run starts.
    await mkdir(plan.out);
    await writeFile(join(plan.out, "notes.txt"), "mine");
    const run = await unitrain.start(plan);
    expect((await run.result).receipt.settings).toContainEqual({ ...both, used: "out-3" });
    expect(await harness.process().plan({ ...planOptions, name: "other" })).toMatchObject({ name: "other" });
  });

  test("are overwritten when the user asks for it", async () => {
    const harness = await createEngineHarness();
    await train(harness);
    const framework = memoryFramework(harness.cloud);
    const description = { ...framework.describe(), overwrites: true };
    const unitrain = harness.process({ framework: { ...framework, describe: () => description } });
    const plan = await planOn(harness, harness.out, unitrain);
    expect(plan).toMatchObject({ out: harness.out, overwrites: true });
    await writeFile(join(harness.out, "weights/best.model"), "old");
    await (await unitrain.start(plan)).result;
    expect(await model(harness.out)).toBe("whole: best");
  });

  test("are overwritten by one run at a time", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training.durationMs = 1_000_000;
    const framework = memoryFramework(harness.cloud);
    const description = { ...framework.describe(), overwrites: true };
    const unitrain = harness.process({ framework: { ...framework, describe: () => description } });
    await mkdir(harness.out);
    await writeFile(join(harness.out, "notes.txt"), "mine");
    const [first, second] = [
      await planOn(harness, harness.out, unitrain),
      await planOn(harness, harness.out, unitrain),
    ];
    const running = await unitrain.start(first);
    const inUse = {
      code: "OUTPUT_UNUSABLE",
      message: expect.stringContaining(`in use by the run ${first.runId}, which is not over`),
    };
    await expect(planOn(harness, harness.out, unitrain)).rejects.toMatchObject(inUse);
    await expect(unitrain.start(second)).rejects.toMatchObject(inUse);
    await running.stop();
    await (await unitrain.start(second)).stop();
    expect(await readdir(harness.out)).toEqual(["notes.txt"]);
  });

  test("of a run that took over a folder are kept when an earlier run is released late", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.release", { answers: [] }, 10_000);
    await train(harness);
    while (harness.cloud.faults.take("provider.release") !== undefined);
    await rm(harness.out, { recursive: true });
    const second = await train(harness);
    expect(second.paths.out).toBe(harness.out);
    await harness.process().gc();
    expect(JSON.parse(await readFile(join(harness.out, "receipt.json"), "utf8"))).toMatchObject({
      runId: second.id,
    });
  });

  test("in the working folder are an error, because no user looks for results beside it", async () => {
    const harness = await createEngineHarness();
    for (const out of [process.cwd(), join(process.cwd(), "..")])
      await expect(planOn(harness, out)).rejects.toMatchObject({
        code: "OUTPUT_UNUSABLE",
        message: expect.stringContaining("is your working folder"),
      });
  });
});

describe("the output folder that a run reserves", () => {
  test("is unique for each of several runs started at once, with a message when it differs from the plan", async () => {
    const harness = await createEngineHarness();
    const processes = [harness.process(), harness.process(), harness.process()];
    const plans = await Promise.all(processes.map((unitrain) => planOn(harness, harness.out, unitrain)));
    expect(plans.map(({ out }) => out)).toEqual([harness.out, harness.out, harness.out]);
    const runs = await Promise.all(processes.map((unitrain, at) => unitrain.start(plans[at] as Plan)));
    const outs = runs.map(({ paths }) => paths.out);
    expect(outs.toSorted()).toEqual([harness.out, `${harness.out}-2`, `${harness.out}-3`]);
    for (const run of runs) {
      const events = await collectEvents(run);
      const warned = events.some(
        (event) => event.type === "warning" && event.message.includes(run.paths.out),
      );
      expect(warned).toBe(run.paths.out !== harness.out);
      await run.result;
      expect(await model(run.paths.out)).toBe("whole: best");
    }
  });

  test("is removed with created parent folders when the run produced nothing", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, leaves: {} };
    await train(harness, join(harness.home, "runs-of-mine/memory/first"));
    await expect(access(join(harness.home, "runs-of-mine"))).rejects.toThrow("ENOENT");
    const userFolder = join(harness.home, "made by the user");
    await mkdir(userFolder);
    await train(harness, userFolder);
    expect(await readdir(userFolder)).toEqual([]);
  });

  test("stays reserved for a run whose process died, until that run is over", async () => {
    const harness = await createEngineHarness();
    const lifetime = createLifetime();
    const unitrain = harness.process({ lifetime });
    const dead = await unitrain.start(await planOn(harness, harness.out, unitrain));
    for await (const event of dead.events) if (event.type === "job" && event.state === "started") break;
    lifetime.kill();
    await expect(planOn(harness)).resolves.toMatchObject({ out: `${harness.out}-2` });
    const next = await harness.process().attach();
    await next.result;
    expect(next.paths.out).toBe(harness.out);
    expect(await model(harness.out)).toBe("whole: best");
  });

  test("is free again when a process died before it wrote anything", async () => {
    const { steps } = await lifeOfARun(await createEngineHarness());
    const harness = await createEngineHarness();
    await lifeOfARun(harness, steps.indexOf("ledger intent: before"));
    expect(await readdir(harness.out)).toEqual([".unitrain-reservation"]);
    expect((await train(harness)).paths.out).toBe(harness.out);
    expect(await readdir(harness.out)).toEqual(["receipt.json", "results.txt", "weights"]);
  });
});

async function lifeOfARun(harness: EngineHarness, killAt?: number): Promise<Lifetime> {
  const lifetime = createLifetime(killAt);
  const unitrain = harness.process({ lifetime });
  const runToEnd = async () => (await unitrain.start(await planOn(harness, harness.out, unitrain))).result;
  await Promise.race([runToEnd(), lifetime.death]);
  return lifetime;
}

describe("plan and start refuse, before anything is paid, an output folder that", () => {
  interface BadFolder {
    readonly description: string;
    readonly reason: RegExp;
    readonly path: string;
    readonly spoil?: (home: string) => Promise<unknown>;
  }
  const bad: readonly BadFolder[] = [
    {
      description: "a file",
      reason: /out cannot be used: it is a file/,
      path: "out",
      spoil: (home) => writeFile(join(home, "out"), ""),
    },
    {
      description: "below a file",
      reason: /\/file is a file/,
      path: "file/below/it",
      spoil: (home) => writeFile(join(home, "file"), ""),
    },
    {
      description: "a link to nothing",
      reason: /it is a symbolic link to nothing/,
      path: "out",
      spoil: (home) => symlink("/no/such/folder", join(home, "out")),
    },
    {
      description: "a path with a name that is too long",
      reason: /its name is too long/,
      path: "x".repeat(300),
    },
  ];
  const badOnLinux: typeof bad = [
    { description: "in /proc", reason: /is not on a disk/, path: "/proc/results/deep" },
    { description: "in /sys", reason: /is not on a disk/, path: "/sys/kernel/results" },
  ];

  test.each(bad)("is $description", isRefused);
  test.runIf(process.platform === "linux").each(badOnLinux)("is $description", isRefused);

  async function isRefused({ reason, path, spoil }: BadFolder): Promise<void> {
    const harness = await createEngineHarness();
    const good = await planOn(harness);
    const out = resolve(harness.home, path);
    await spoil?.(harness.home);
    const refused = { code: "OUTPUT_UNUSABLE", message: expect.stringMatching(reason) };
    await expect(planOn(harness, out)).rejects.toMatchObject(refused);
    await expect(harness.process().start({ ...good, out })).rejects.toMatchObject(refused);
    expect(harness.cloud.bill).toEqual([]);
    expect(await harness.process().runs()).toEqual([]);
    expect(await readdir(join(harness.home, "runs"))).toEqual([]);
  }

  test("has less space than the results need", async () => {
    const harness = await createEngineHarness();
    const framework = memoryFramework(harness.cloud);
    const description = { ...framework.describe(), resultBytes: 1e18 };
    const unitrain = harness.process({ framework: { ...framework, describe: () => description } });
    await expect(planOn(harness, harness.out, unitrain)).rejects.toMatchObject({
      code: "OUTPUT_UNUSABLE",
      message: expect.stringMatching(/its disk has [\d.]+ GB free, and the results need about 1000 PB/),
    });
  });

  test.runIf(canMount)("is read-only", async () => {
    const harness = await createEngineHarness();
    await mountSmallDisk(harness.out, "1m,ro");
    await expect(planOn(harness)).rejects.toMatchObject({ message: expect.stringContaining("read-only") });
    await expect(planOn(harness, join(harness.out, "a/b"))).rejects.toMatchObject({
      code: "OUTPUT_UNUSABLE",
    });
  });

  test.runIf(canMount)("is on a full disk", async () => {
    const harness = await createEngineHarness();
    const out = join(harness.out, "results");
    await mountSmallDisk(harness.out, "4m");
    const good = await planOn(harness, out);
    await fill(harness.out);
    const refused = { code: "OUTPUT_UNUSABLE", message: expect.stringContaining("its disk is full") };
    await expect(planOn(harness, out)).rejects.toMatchObject(refused);
    await expect(harness.process().start(good)).rejects.toMatchObject(refused);
    expect(harness.cloud.bill).toEqual([]);
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

  test.each(faults)("that %s does not lose the model", (_what, spoil) => savesElsewhere(spoil));

  test.runIf(canMount).each(mountFaults)("that %s does not lose the model", (_what, spoil) =>
    savesElsewhere(spoil, (out) => mountSmallDisk(out, "4m")),
  );

  test("that hangs during a download is abandoned", async () => {
    const harness = await createEngineHarness();
    const { faults } = harness.cloud;
    const { take } = faults;
    // Simulates a network drive on which a write never ends.
    faults.take = (call) => {
      if (call !== "session.fetch") return take(call);
      faults.take = take;
      rmSync(harness.out, { recursive: true });
      return "hangs";
    };
    const started = await train(harness);
    expect((await started.result).outcome).toBe("completed");
    expect(await model(join(started.paths.folder, "results"))).toBe("whole: best");
  });

  test("that disappears after the model was downloaded does not lose the model", async () => {
    const harness = await createEngineHarness();
    const { faults } = harness.cloud;
    const { take } = faults;
    let fetches = 0;
    faults.take = (call) => {
      if (/^session\.fetch/.test(call) && ++fetches === 2) rmSync(harness.out, { recursive: true });
      return take(call);
    };
    const started = await train(harness);
    const { artifacts } = await started.result;
    const results = join(started.paths.folder, "results");
    expect(artifacts.map(({ path }) => path).sort()).toEqual(everything);
    for (const { path, localPath } of artifacts) expect(localPath).toBe(join(results, path));
    expect(await model(results)).toBe("whole: best");
  });

  test.runIf(canMount)(
    "whose disk is too small loses nothing, because the other files are stored elsewhere",
    async () => {
      const harness = await createEngineHarness();
      await mountSmallDisk(harness.out, "4m");
      const large = (letter: string) => letter.repeat(3_000_000);
      const leaves = {
        ...harness.cloud.training.leaves,
        "exports/first.bin": large("a"),
        "exports/second.bin": large("b"),
        ...Object.fromEntries(
          Array.from({ length: 9 }, (_, index) => [`labels/${index}.txt`, `${index}`.repeat(150_000)]),
        ),
      };
      harness.cloud.training = { ...harness.cloud.training, leaves };
      const started = await train(harness);
      const { outcome, artifacts, receipt } = await started.result;
      expect(outcome).toBe("completed");
      expect(receipt.out).toBe(harness.out);
      expect(await model(harness.out)).toBe("whole: best");
      for (const { path, localPath } of artifacts)
        expect(await readFile(localPath, "utf8"), path).toBe(leaves[path as keyof typeof leaves]);
      expect(artifacts.map(({ path }) => path).sort()).toEqual(Object.keys(leaves).sort());
      expect(receipt.leftBehind ?? []).toEqual([]);
      const results = join(started.paths.folder, "results");
      expect(artifacts.some(({ localPath }) => localPath.startsWith(results))).toBe(true);
      const warnings = (await collectEvents(started)).flatMap((event) =>
        event.type === "warning" && event.phase === "download" ? [event.message] : [],
      );
      expect(warnings).toEqual([
        `The disk of ${harness.out} is full. Files that do not fit are saved in ${results} instead.`,
      ]);
    },
  );

  test("that cannot store one file stores the others", async () => {
    for (const [inTheWay, spoil] of [
      ["results.txt", (path: string) => mkdir(path)],
      ["weights", (path: string) => writeFile(path, "a file of the user's")],
    ] as const) {
      const harness = await createEngineHarness();
      const started = await train(harness, harness.out, [spoiler(() => spoil(join(harness.out, inTheWay)))]);
      const { artifacts } = await started.result;
      const results = join(started.paths.folder, "results");
      expect(started.paths.out).toBe(harness.out);
      for (const { path, localPath } of artifacts)
        expect(localPath).toBe(join(path.startsWith(inTheWay) ? results : harness.out, path));
      expect(artifacts.map(({ path }) => path).sort()).toEqual(everything);
      const warned = (await collectEvents(started)).filter((event) => event.type === "warning");
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
    const harness = await createEngineHarness();
    await prepare(harness.out);
    const big = { "weights/best.model": `whole: best${" ".repeat(500_000)}` };
    harness.cloud.training = {
      ...harness.cloud.training,
      leaves: { ...harness.cloud.training.leaves, ...big },
    };
    const started = await train(harness, harness.out, [spoiler(() => spoil(harness.out))]);
    const events = await collectEvents(started);
    const { outcome, artifacts, receipt } = await started.result;
    expect(outcome).toBe("completed");
    const results = join(started.paths.folder, "results");
    expect([started.paths.out, receipt.out]).toEqual([results, results]);
    expect(artifacts[0]).toMatchObject({ role: "model", localPath: join(results, "weights/best.model") });
    expect(await model(results)).toMatch(/^whole: best/);
    expect(artifacts.map(({ path }) => path).sort()).toEqual(everything);
    expect(JSON.parse(await readFile(join(results, "receipt.json"), "utf8"))).toEqual(receipt);
    const [summary] = await harness.process().runs();
    const replayed = await harness.process().attach();
    expect([summary?.out, replayed.paths.out]).toEqual([results, results]);

    const at = (type: string, more: (event: (typeof events)[number]) => boolean) =>
      events.findIndex((event) => event.type === type && more(event));
    const saved = at("artifact", () => true);
    const released = at("phase", (event) => event.type === "phase" && event.phase === "teardown");
    const warned = events.find((event) => event.type === "warning" && event.message.includes(results));
    expect(saved).toBeGreaterThan(0);
    expect(saved).toBeLessThan(released);
    if (warned?.type !== "warning") throw new Error("nothing was said");
    // The command works unchanged.
    const target = join(harness.home, "copied");
    const command = warned.hint?.replace(/^[^:]*: /, "").replace(/ (?:\S+|'[^']*')$/, ` '${target}'`) ?? "";
    await run("sh", ["-c", command]);
    expect(await model(target)).toBe(await model(results));
  }
});

const fill = (folder: string) => writeFile(join(folder, "filler"), Buffer.alloc(8 << 20)).catch(() => {});

/** Mounts a real file system with little space. Needs root. */
async function mountSmallDisk(folder: string, options: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", `size=${options}`, "tmpfs", folder]);
  onTestFinished(async () => void (await run("umount", [folder]).catch(() => {})));
}
