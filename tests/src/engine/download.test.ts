import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunEvent } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, type EngineHarness, startRun } from "./engine-harness.ts";

const everyTenEpochs = Object.fromEntries(
  Array.from({ length: 6 }, (_, at) => [`weights/epoch${at * 10}.model`, `whole: ${at * 10}`]),
);

function produceOutput(harness: EngineHarness, leaves: Readonly<Record<string, string>>): void {
  harness.cloud.training = {
    ...harness.cloud.training,
    leaves: { "weights/best.model": "whole: best", "weights/last.model": "whole: last", ...leaves },
  };
}

const warningsIn = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "warning" ? [`${event.message} ${event.hint ?? ""}`] : []));

const listOutput = (harness: EngineHarness) =>
  [...harness.cloud.files.keys()].filter((path) => path.includes("/attempt-1/out/"));

async function boundedRun(harness: EngineHarness, maxOutputBytes: number) {
  const unitrain = harness.process();
  const plan = await unitrain.plan({ data: ".", out: harness.out, maxOutputBytes });
  const run = await unitrain.start(plan);
  const events = await collectEvents(run);
  return { events, ...(await run.result) };
}

describe("the whole output", () => {
  test("is downloaded before anything is removed, including files of save_period, save_txt and the user's code", async () => {
    const harness = await createEngineHarness({ ownership: "borrowed" });
    produceOutput(harness, {
      ...everyTenEpochs,
      "labels/1.txt": "0 1 1 1 1",
      "export/best.onnx": "onnx",
      "own/notes": "x",
    });
    const run = await startRun(harness.process(), harness);
    const { artifacts } = await run.result;
    expect(artifacts.filter(({ role }) => role === "model").map(({ path }) => path)).toEqual([
      "weights/best.model",
    ]);
    const names = await readdir(harness.out, { recursive: true });
    for (const name of [...Object.keys(everyTenEpochs), "labels/1.txt", "export/best.onnx", "own/notes"])
      expect(names).toContain(name);
    expect(names.filter((name) => name.includes("incoming"))).toEqual([]);
    expect(listOutput(harness)).toEqual([]);
  });

  test("beyond the size limit stays on a borrowed machine, and is reported with names, path and retention time", async () => {
    const harness = await createEngineHarness({ ownership: "borrowed" });
    produceOutput(harness, everyTenEpochs);
    // weights/last.model and two complete models.
    const { events, receipt, outcome } = await boundedRun(harness, 30);
    expect(outcome).toBe("completed");
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: best");
    const kept = listOutput(harness);
    expect(kept.some((path) => path.endsWith("epoch50.model") || path.endsWith("epoch30.model"))).toBe(true);
    const [warning = ""] = warningsIn(events).filter((text) => text.includes("Not downloaded"));
    expect(warning).toMatch(
      /of output that are allowed.*epoch\d+\.model.*stay on the machine in \/home\/memory.*at least 30 days/s,
    );
    expect(receipt.leftBehind?.files).toBeGreaterThan(0);
    expect([...harness.cloud.files.keys()].filter((path) => path.includes("/data/"))).toEqual([]);
  });

  test("beyond the size limit is listed before a rented machine is released", async () => {
    const harness = await createEngineHarness();
    produceOutput(harness, everyTenEpochs);
    const { events, receipt } = await boundedRun(harness, 0);
    const warned = events.findIndex(
      (event) => event.type === "warning" && event.message.includes("Not downloaded"),
    );
    const released = events.findIndex((event) => event.type === "phase" && event.phase === "teardown");
    expect(warned).toBeGreaterThan(-1);
    expect(warned).toBeLessThan(released);
    expect(warningsIn(events).join("\n")).toContain("lost when the machine is released");
    expect(receipt.artifacts.map(({ path }) => path)).toEqual(["weights/best.model"]);
    expect(receipt.leftBehind?.files).toBe(7);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("keeps a rented machine for at most half an hour when its download hangs, without losing the model", async () => {
    const harness = await createEngineHarness();
    produceOutput(harness, { "labels/1.txt": "0", "labels/2.txt": "0" });
    harness.cloud.faults.on("session.fetchMany", "hangs", 1);
    const begin = harness.clock.now();
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    const { outcome, receipt } = await run.result;
    expect(outcome).toBe("completed");
    expect(receipt.artifacts[0]).toMatchObject({ role: "model", path: "weights/best.model" });
    expect(receipt.leftBehind?.files).toBeGreaterThanOrEqual(2);
    expect(warningsIn(events).join("\n")).toContain("30 minutes");
    expect(harness.clock.now() - begin).toBeLessThan(45 * 60_000);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("with file names that this computer cannot store does not fail the run", async () => {
    const harness = await createEngineHarness({ ownership: "borrowed" });
    produceOutput(harness, {
      "a\nb.txt": "x",
      "\u202egnp.exe": "x",
      "esc\u001b[2J": "x",
      [`${"n".repeat(5_000)}`]: "x",
    });
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    expect((await run.result).outcome).toBe("completed");
    const text = JSON.stringify(events.filter(({ type }) => type === "warning" || type === "artifact"));
    expect(text).toContain("control or invisible characters");
    expect(text).not.toMatch(/\\u001b|\\u202e|a\\nb/);
  });

  test("has one progress percentage, which never decreases", async () => {
    const harness = await createEngineHarness();
    produceOutput(harness, everyTenEpochs);
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    const downloads = events.filter((event) => event.type === "download");
    expect(new Set(downloads.map(({ totalBytes }) => totalBytes)).size).toBe(1);
    const bytes = downloads.map((event) => event.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes.at(-1)).toBe(downloads[0]?.totalBytes);
  });

  test("is not downloaded again when an earlier download has it", async () => {
    const harness = await createEngineHarness();
    produceOutput(harness, { "notes.md": "x" });
    harness.cloud.faults.on("session.list", "cut", 2);
    const run = await startRun(harness.process(), harness);
    await run.result;
    expect(await readFile(join(harness.out, "notes.md"), "utf8")).toBe("x");
  });

  test("is downloaded before the run fails when all models are incomplete", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = {
      ...harness.cloud.training,
      leaves: { "weights/best.model": "half", "results.txt": "epochs\n", "own.model": "features" },
    };
    const run = await startRun(harness.process(), harness);
    await expect(run.result).rejects.toMatchObject({ code: "ARTIFACT_DAMAGED" });
    expect(await readFile(join(harness.out, "results.txt"), "utf8")).toBe("epochs\n");
    // It may be a file of the user instead of a model.
    expect(await readFile(join(harness.out, "own.model.incomplete"), "utf8")).toBe("features");
  });
});

describe("a pull during the training", () => {
  async function training(harness: EngineHarness, leaves: Readonly<Record<string, string>>) {
    harness.cloud.training = { ...harness.cloud.training, durationMs: 3_600_000 };
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "progress") break;
    const [job] = [...harness.cloud.jobs.values()].filter(({ output }) => output !== undefined);
    for (const [path, content] of Object.entries(leaves))
      harness.cloud.files.set(`${job?.output}/${path}`, Buffer.from(content));
    return { run, output: job?.output ?? "" };
  }

  test("never replaces an earlier copy with a checkpoint that is being written", async () => {
    const harness = await createEngineHarness();
    const { run, output } = await training(harness, {
      "weights/best.model": "whole: new",
      "weights/last.model": "",
      "results.txt": "epoch 1\n",
    });
    // The files of an earlier pull.
    await mkdir(join(harness.out, "weights"), { recursive: true });
    for (const name of ["best", "last"])
      await writeFile(join(harness.out, `weights/${name}.model`), "whole: old");
    const files = await run.pull();
    expect(files.map(({ path }) => path).sort()).toEqual(["results.txt", "weights/best.model"]);
    expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: new");
    expect(await readFile(join(harness.out, "weights/last.model"), "utf8")).toBe("whole: old");
    expect([...harness.cloud.files.keys()].filter((path) => path.includes("/snapshot/"))).toEqual([]);
    expect(harness.cloud.files.has(`${output}/weights/last.model`)).toBe(true);
    await run.stop();
  });

  test("downloads the other files when one file changes all the time", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("session.snapshot", "throws", 1);
    const { run } = await training(harness, {
      "weights/best.model": "whole: best",
      "weights/last.model": "whole: last",
      "results.txt": "epoch 1\n",
    });
    const files = await run.pull();
    expect(files.map(({ path }) => path).sort()).toEqual(["results.txt", "weights/last.model"]);
    await run.stop();
  });
});
