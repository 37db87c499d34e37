import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { createLife } from "@unitrain/conformance";
import { definePlugin } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { createStage, eventsOf, logOf, startRun } from "./engine-harness.ts";

describe("several processes", () => {
  test("detach from a borrowed machine and attach later: same log, model home, one job", async () => {
    const stage = await createStage({ ownership: "borrowed" });
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "progress" && event.done === 2) break;
    await run.detach();
    await expect(run.result).rejects.toMatchObject({
      code: "CANCELLED",
      action: { type: "attach", run: run.name },
    });
    const [detached] = await stage.process().runs();
    expect(detached?.state).toBe("detached");
    expect(detached?.epochs?.done).toBeLessThan(5);

    const again = await stage.process().attach(run.name);
    expect(again.role).toBe("controller");
    const events = await eventsOf(again);
    expect((await again.result).outcome).toBe("completed");
    expect(logOf(events)).toBe(stage.world.training.log);
    expect(stage.world.starts.get(`${run.id}-1`)).toBe(1);
    expect([...stage.world.files.keys()].filter((path) => path.includes(run.id))).toEqual([]);
  });

  test("detach in the middle of the download, at once, and another process downloads the rest", async () => {
    const stage = await createStage({ ownership: "borrowed" });
    const { faults } = stage.world;
    const { take } = faults;
    const hangs = Promise.withResolvers<void>();
    faults.take = (call) => {
      if (call !== "session.fetch") return take(call);
      faults.take = take;
      hangs.resolve();
      return "hangs";
    };
    const run = await startRun(stage.process(), stage);
    await hangs.promise;
    const before = stage.clock.now();
    await run.detach();
    expect(stage.clock.now() - before).toBeLessThan(10_000);
    await expect(run.result).rejects.toMatchObject({ code: "CANCELLED" });
    const [left] = await stage.process().runs();
    expect(left?.state).toBe("detached");

    const again = await stage.process().attach(run.name);
    const events = await eventsOf(again);
    expect((await again.result).artifacts.some(({ role }) => role === "model")).toBe(true);
    expect(events.filter((event) => event.type === "phase" && event.state === "failed")).toEqual([]);
    expect(stage.world.starts.get(`${run.id}-1`)).toBe(1);
  });

  test("a rented machine is not left alone while nothing else would give it back", async () => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "progress") break;
    await expect(run.detach()).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    await run.result;
  });

  test("many followers, one controller: all see the same events; a second controller is refused", async () => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    const followers = await Promise.all([
      stage.process().attach(),
      stage.process().attach(run.id.slice(0, 17)),
    ]);
    expect(followers.map(({ role }) => role)).toEqual(["follower", "follower"]);
    await expect(stage.process().attach(run.id, { as: "controller" })).rejects.toMatchObject({
      code: "RUN_BUSY",
    });
    const [own, ...others] = await Promise.all([run, ...followers].map((one) => eventsOf(one)));
    for (const seen of others) expect(seen).toEqual(own);
    const results = await Promise.all([run, ...followers].map(({ result }) => result));
    for (const result of results) expect(result.receipt).toEqual(results[0]?.receipt);
  });

  test("stop from a follower ends the controller's run", async () => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, durationMs: 1000 * 24 * 3600_000 };
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    const follower = await stage.process().attach();
    await follower.stop();
    expect((await run.result).outcome).toBe("stopped");
    expect(stage.world.alive()).toEqual([]);
  });

  test("a run that is over replays, for every process", async () => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    const events = await eventsOf(run);
    const { receipt } = await run.result;
    const later = await stage.process().attach();
    expect(await eventsOf(later)).toEqual(events);
    expect((await later.result).receipt).toEqual(receipt);
    expect(await later.pull()).toEqual(receipt.artifacts);
  });

  test("pull brings home what is there while the job runs", async () => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "progress") break;
    stage.world.files.set(
      `/home/memory/.unitrain/1/runs/${run.id}/attempt-1/out/weights/best.model`,
      Buffer.from("whole: 2"),
    );
    expect((await run.pull()).map(({ path }) => path)).toEqual(["weights/best.model"]);
    expect(await readFile(join(stage.out, "weights/best.model"), "utf8")).toBe("whole: 2");
    await run.result;
    expect(await readFile(join(stage.out, "weights/best.model"), "utf8")).toBe("whole: best");
  });

  test("pull from a process that only watches is done by the one that drives", async () => {
    const stage = await createStage();
    stage.world.training = { ...stage.world.training, durationMs: 100_000 * 24 * 3600_000 };
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    stage.world.files.set(
      `/home/memory/.unitrain/1/runs/${run.id}/attempt-1/out/weights/best.model`,
      Buffer.from("whole: 2"),
    );
    const followers = await Promise.all([stage.process().attach(), stage.process().attach()]);
    const pulled = await Promise.all(followers.map((follower) => follower.pull()));
    for (const files of pulled) expect(files.map(({ path }) => path)).toContain("weights/best.model");
    expect(await readFile(join(stage.out, "weights/best.model"), "utf8")).toBe("whole: 2");
    expect(await readdir(join(run.paths.folder, "requests"))).toEqual([]);
    await run.stop();
    expect(
      (
        await stage
          .process()
          .attach()
          .then((over) => over.pull())
      ).length,
    ).toBeGreaterThan(0);
  });

  test("a pull that lasts until the training ends is given what the end downloads, and moves no results", async () => {
    const stage = await createStage();
    const life = createLife();
    let fetches = 0;
    let resume = () => {};
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const slow = {
      ...life,
      async pass(step: string) {
        if (step === "session.fetch: before") {
          fetches += 1;
          if (fetches === 1) await resumed;
        }
        await life.pass(step);
      },
    };
    const run = await startRun(stage.process({ life: slow }), stage);
    for await (const event of run.events) if (event.type === "progress") break;
    stage.world.files.set(
      `/home/memory/.unitrain/1/runs/${run.id}/attempt-1/out/weights/best.model`,
      Buffer.from("whole: 2"),
    );
    const pulled = run.pull();
    const { receipt } = await run.result;
    resume();
    expect(await pulled).toEqual(receipt.artifacts);
    expect(await readFile(join(stage.out, "weights/best.model"), "utf8")).toBe("whole: best");
    const later = await stage.process().attach();
    expect(later.paths.out).toBe(stage.out);
    const ledger = await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8");
    expect(ledger).not.toContain("output-moved");
  });

  test("pull from a process that only watches says why there is nothing yet", async () => {
    const stage = await createStage();
    const life = createLife();
    let ships = true;
    const slow = {
      ...life,
      async pass(step: string) {
        // One millisecond at a time, so that no deadline comes meanwhile.
        while (ships && step === "session.ship: before") await stage.clock.wait(1);
        await life.pass(step);
      },
    };
    const run = await startRun(stage.process({ life: slow }), stage);
    const follower = await stage.process().attach();
    await expect(follower.pull()).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    ships = false;
    await run.stop();
    expect(await (await stage.process().attach()).pull()).toEqual([]);
  });

  test("a job of which nothing can be seen on a borrowed machine is not lost", async () => {
    const stage = await createStage({ ownership: "borrowed" });
    stage.world.training.durationMs = 100_000 * 3600_000;
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    await run.detach();
    const [id, job] = [...stage.world.jobs].at(-1) ?? [];
    if (id === undefined || job === undefined) throw new Error("no job");
    stage.world.jobs.delete(id);
    const unseeing = await stage.process().attach();
    await expect(unseeing.result).rejects.toMatchObject({
      code: "NOT_AVAILABLE",
      message: expect.stringContaining("Nothing was changed"),
    });
    expect((await stage.process().runs())[0]?.state).toBe("detached");
    stage.world.jobs.set(id, job);
    stage.clock.advance(200_000 * 3600_000);
    expect((await (await stage.process().attach()).result).outcome).toBe("completed");
  });

  test("a process that died before the job ran leaves an interrupted run, which another one can stop", async () => {
    const stage = await createStage({ ownership: "borrowed" });
    const life = createLife();
    const run = await startRun(stage.process({ life }), stage);
    for await (const event of run.events) if (event.type === "phase" && event.phase === "ship") break;
    life.kill();
    await life.death;
    expect((await stage.process().runs())[0]?.state).toBe("interrupted");
    const again = await stage.process().attach();
    await again.stop();
    expect(["stopped", "completed"]).toContain((await stage.process().runs())[0]?.outcome);
  });
});

test("a canary secret is in no file, event, error or inspection", async () => {
  const canary = "canary-4f9a8b7c6d5e";
  const stage = await createStage();
  const { world } = stage;
  world.training = {
    ...world.training,
    exitCode: 1,
    log: `token ${canary}\nAuthorization: Bearer ${canary}\npassword=${canary}x y\nkey-0123456789abcdef\n`,
  };
  world.faults.on("provider.release", "throws", 2);
  const talkative = definePlugin({
    name: "talkative",
    secretPatterns: [/\bkey-[0-9a-f]{16}/],
    hooks: {
      readyCheck: (_input, context) => {
        context.secret(`${canary}-2`);
        context.showStatus(`found ${canary}-2`);
        return { ready: true };
      },
      run: (job) => ({ ...job, title: `with ${canary}` }),
      locateArtifact: () => {
        throw new Error(`cannot use ${canary}`, { cause: new Error(`because of ${canary}`) });
      },
    },
  });
  const unitrain = stage.process({ plugins: [talkative] });
  const plan = await unitrain.plan({ data: ".", out: stage.out, secrets: ["TOKEN"] });
  const run = await unitrain.start(plan, { secrets: { TOKEN: canary } });
  const events = await eventsOf(run);
  const error = await run.result.catch((thrown: unknown) => thrown);

  expect(JSON.stringify(events)).not.toContain(canary);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(canary);
  expect(JSON.stringify(await stage.process().runs())).not.toContain(canary);
  const files = await readdir(stage.home, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(paths.length).toBeGreaterThan(5);
  for (const path of paths) {
    const content = await readFile(path, "utf8");
    expect(content, path).not.toContain(canary);
    expect(content, path).not.toContain("key-0123456789abcdef");
  }
  // It did reach the job.
  expect(world.jobs.get(`${run.id}-1`)?.secrets).toEqual({ TOKEN: canary });
});
