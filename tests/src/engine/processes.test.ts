import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { createLifetime } from "@unitrain/conformance";
import { definePlugin } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, joinLog, startRun } from "./engine-harness.ts";

describe("several processes", () => {
  test("detach from a borrowed machine and attach later, with the same log, one job and a downloaded model", async () => {
    const harness = await createEngineHarness({ ownership: "borrowed" });
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "progress" && event.done === 2) break;
    await run.detach();
    await expect(run.result).rejects.toMatchObject({
      code: "CANCELLED",
      action: { type: "attach", run: run.name },
    });
    const [detached] = await harness.process().runs();
    expect(detached?.state).toBe("detached");
    expect(detached?.epochs?.done).toBeLessThan(5);

    const again = await harness.process().attach(run.name);
    expect(again.role).toBe("controller");
    const events = await collectEvents(again);
    expect((await again.result).outcome).toBe("completed");
    expect(joinLog(events)).toBe(harness.cloud.training.log);
    expect(harness.cloud.starts.get(`${run.id}-1`)).toBe(1);
    expect([...harness.cloud.files.keys()].filter((path) => path.includes(run.id))).toEqual([]);
  });

  test("detach immediately during the download, and another process downloads the rest", async () => {
    const harness = await createEngineHarness({ ownership: "borrowed" });
    const { faults } = harness.cloud;
    const { take } = faults;
    const hangs = Promise.withResolvers<void>();
    faults.take = (call) => {
      if (call !== "session.fetch") return take(call);
      faults.take = take;
      hangs.resolve();
      return "hangs";
    };
    const run = await startRun(harness.process(), harness);
    await hangs.promise;
    const before = harness.clock.now();
    await run.detach();
    expect(harness.clock.now() - before).toBeLessThan(10_000);
    await expect(run.result).rejects.toMatchObject({ code: "CANCELLED" });
    const [summary] = await harness.process().runs();
    expect(summary?.state).toBe("detached");

    const again = await harness.process().attach(run.name);
    const events = await collectEvents(again);
    expect((await again.result).artifacts.some(({ role }) => role === "model")).toBe(true);
    expect(events.filter((event) => event.type === "phase" && event.state === "failed")).toEqual([]);
    expect(harness.cloud.starts.get(`${run.id}-1`)).toBe(1);
  });

  test("cannot detach from a rented machine without a guardian", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "progress") break;
    await expect(run.detach()).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    await run.result;
  });

  test("can be many followers with the same events, but only one controller", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    const followers = await Promise.all([
      harness.process().attach(),
      harness.process().attach(run.id.slice(0, 17)),
    ]);
    expect(followers.map(({ role }) => role)).toEqual(["follower", "follower"]);
    await expect(harness.process().attach(run.id, { as: "controller" })).rejects.toMatchObject({
      code: "RUN_BUSY",
    });
    const [controllerEvents, ...others] = await Promise.all(
      [run, ...followers].map((observedRun) => collectEvents(observedRun)),
    );
    for (const seen of others) expect(seen).toEqual(controllerEvents);
    const results = await Promise.all([run, ...followers].map(({ result }) => result));
    for (const result of results) expect(result.receipt).toEqual(results[0]?.receipt);
  });

  test("can stop the controller's run as a follower", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, durationMs: 1000 * 24 * 3600_000 };
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    const follower = await harness.process().attach();
    await follower.stop();
    expect((await run.result).outcome).toBe("stopped");
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("replay a run that is over", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    const { receipt } = await run.result;
    const later = await harness.process().attach();
    expect(await collectEvents(later)).toEqual(events);
    expect((await later.result).receipt).toEqual(receipt);
    expect(await later.pull()).toEqual(receipt.artifacts);
  });

  test("pull the current results while the job runs", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "progress") break;
    harness.cloud.files.set(
      `/home/memory/.unitrain/1/runs/${run.id}/attempt-1/out/weights/best.model`,
      Buffer.from("whole: 2"),
    );
    expect((await run.pull()).map(({ path }) => path)).toEqual(["weights/best.model"]);
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: 2");
    await run.result;
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: best");
  });

  test("pull as a follower through the controller", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = { ...harness.cloud.training, durationMs: 100_000 * 24 * 3600_000 };
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    harness.cloud.files.set(
      `/home/memory/.unitrain/1/runs/${run.id}/attempt-1/out/weights/best.model`,
      Buffer.from("whole: 2"),
    );
    const followers = await Promise.all([harness.process().attach(), harness.process().attach()]);
    const pulled = await Promise.all(followers.map((follower) => follower.pull()));
    for (const files of pulled) expect(files.map(({ path }) => path)).toContain("weights/best.model");
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: 2");
    expect(await readdir(join(run.paths.folder, "requests"))).toEqual([]);
    await run.stop();
    expect(
      (
        await harness
          .process()
          .attach()
          .then((over) => over.pull())
      ).length,
    ).toBeGreaterThan(0);
  });

  test("pull the final download when the training ends meanwhile, without moving results", async () => {
    const harness = await createEngineHarness();
    const lifetime = createLifetime();
    let fetches = 0;
    let resume = () => {};
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const slow = {
      ...lifetime,
      async pass(step: string) {
        if (step === "session.fetch: before") {
          fetches += 1;
          if (fetches === 1) await resumed;
        }
        await lifetime.pass(step);
      },
    };
    const run = await startRun(harness.process({ lifetime: slow }), harness);
    for await (const event of run.events) if (event.type === "progress") break;
    harness.cloud.files.set(
      `/home/memory/.unitrain/1/runs/${run.id}/attempt-1/out/weights/best.model`,
      Buffer.from("whole: 2"),
    );
    const pulled = run.pull();
    const { receipt } = await run.result;
    resume();
    expect(await pulled).toEqual(receipt.artifacts);
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: best");
    const later = await harness.process().attach();
    expect(later.paths.out).toBe(harness.out);
    const ledger = await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8");
    expect(ledger).not.toContain("output-moved");
  });

  test("pull as a follower with the reason why there is nothing yet", async () => {
    const harness = await createEngineHarness();
    const lifetime = createLifetime();
    let ships = true;
    const slow = {
      ...lifetime,
      async pass(step: string) {
        // Advances one millisecond at a time, so that no deadline passes meanwhile.
        while (ships && step === "session.ship: before") await harness.clock.wait(1);
        await lifetime.pass(step);
      },
    };
    const run = await startRun(harness.process({ lifetime: slow }), harness);
    const follower = await harness.process().attach();
    await expect(follower.pull()).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    ships = false;
    await run.stop();
    expect(await (await harness.process().attach()).pull()).toEqual([]);
  });

  test("keep a job on a borrowed machine that cannot be observed", async () => {
    const harness = await createEngineHarness({ ownership: "borrowed" });
    harness.cloud.training.durationMs = 100_000 * 3600_000;
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    await run.detach();
    const [id, job] = [...harness.cloud.jobs].at(-1) ?? [];
    if (id === undefined || job === undefined) throw new Error("no job");
    harness.cloud.jobs.delete(id);
    const unseeing = await harness.process().attach();
    await expect(unseeing.result).rejects.toMatchObject({
      code: "NOT_AVAILABLE",
      message: expect.stringContaining("Nothing was changed"),
    });
    expect((await harness.process().runs())[0]?.state).toBe("detached");
    harness.cloud.jobs.set(id, job);
    harness.clock.advance(200_000 * 3600_000);
    expect((await (await harness.process().attach()).result).outcome).toBe("completed");
  });

  test("can stop an interrupted run whose process died before the job started", async () => {
    const harness = await createEngineHarness({ ownership: "borrowed" });
    const lifetime = createLifetime();
    const run = await startRun(harness.process({ lifetime }), harness);
    for await (const event of run.events) if (event.type === "phase" && event.phase === "ship") break;
    lifetime.kill();
    await lifetime.death;
    expect((await harness.process().runs())[0]?.state).toBe("interrupted");
    const again = await harness.process().attach();
    await again.stop();
    expect(["stopped", "completed"]).toContain((await harness.process().runs())[0]?.outcome);
  });
});

test("a canary secret appears in no file, event, error or inspected object", async () => {
  const canary = "canary-4f9a8b7c6d5e";
  const harness = await createEngineHarness();
  const { cloud } = harness;
  cloud.training = {
    ...cloud.training,
    exitCode: 1,
    log: `token ${canary}\nAuthorization: Bearer ${canary}\npassword=${canary}x y\nkey-0123456789abcdef\n`,
  };
  cloud.faults.on("provider.release", "throws", 2);
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
  const unitrain = harness.process({ plugins: [talkative] });
  const plan = await unitrain.plan({ data: ".", out: harness.out, secrets: ["TOKEN"] });
  const run = await unitrain.start(plan, { secrets: { TOKEN: canary } });
  const events = await collectEvents(run);
  const error = await run.result.catch((thrown: unknown) => thrown);

  expect(JSON.stringify(events)).not.toContain(canary);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(canary);
  expect(JSON.stringify(await harness.process().runs())).not.toContain(canary);
  const files = await readdir(harness.home, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(paths.length).toBeGreaterThan(5);
  for (const path of paths) {
    const content = await readFile(path, "utf8");
    expect(content, path).not.toContain(canary);
    expect(content, path).not.toContain("key-0123456789abcdef");
  }
  // The job received the secret.
  expect(cloud.jobs.get(`${run.id}-1`)?.secrets).toEqual({ TOKEN: canary });
});
