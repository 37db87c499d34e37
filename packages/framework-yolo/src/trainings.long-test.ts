import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetLocation, Framework } from "@unitrain/core/spec";
import { afterAll, describe, expect, it } from "vitest";
import { createQuietContext } from "../test/drawn-set.ts";
import { drawSetFor } from "../test/task-set.ts";
import { describeThisMachine, killAll, run } from "../test/this-machine.ts";
import { layOutRun, prepareEnvironment, startJob } from "../test/training-attempt.ts";
import { yolo } from "./index.ts";
import type { YoloOptions } from "./options/options.ts";
import type { Task } from "./options/tasks.ts";

/** Missing versions of Ultralytics are installed, which takes gigabytes. */
const timeout = 20 * 60_000;

const folder = mkdtempSync(join(tmpdir(), "unitrain-yolo-"));
const home = join(folder, "home");
mkdirSync(home);

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Trains one epoch, from the check of the dataset to the model. */
async function train(name: string, task: Task, more: YoloOptions) {
  const framework = yolo({ task, epochs: 1, imgsz: 64, batch: 4, workers: 0, plots: false, ...more });
  const facts = describeThisMachine({ home, workFolder: join(folder, "work") });
  const environment = await prepareEnvironment(framework, facts, home);
  const path = drawSetFor(task, join(folder, name), { train: 8, val: 4 }, 64);
  const report = await framework.check({ kind: "local", path }, createQuietContext());
  expect(report.findings).toEqual([]);
  const out = join(folder, "results", `my (ü) ${name}`);
  const local = { out, dataset: report.location };
  const input = { ...(await layOutRun(report.manifest, facts, name, environment)), local };
  const job = framework.job(input);
  const done = await startJob(job, home);
  expect(done.exitCode, done.stdout + done.stderr).toBe(0);
  const versions = framework.environment(facts).versions?.(environment.output);
  const reader = framework.progress(versions === undefined ? {} : { versions });
  const model = join(input.output, "weights/best.pt");
  expect(existsSync(model) && (await framework.artifacts.isComplete(model))).toBe(true);
  const found = {
    versions,
    // Up to 8.3.185 the bars are tqdm's, which writes to stderr.
    bars: reader.text(done.stdout + done.stderr),
    epochs: reader.file(job.watch[0] ?? "", readFileSync(job.watch[0] ?? "", "utf8")),
    // The value that Ultralytics stores in the checkpoint.
    fitness: await fitnessIn(join(input.output, "weights/last.pt"), `${environment.folder}/bin/python`),
  };
  // Simulates the end of a run: the results are on the user's computer, and the machine is gone.
  cpSync(input.output, out, { recursive: true });
  rmSync(facts.workFolder, { recursive: true });
  await goOn(framework, join(out, "weights/best.pt"), report.location, `${environment.folder}/bin`);
  return found;
}

/** Runs the commands of the summary in a shell, and validates from Python without naming a dataset. */
async function goOn(
  framework: Framework,
  model: string,
  dataset: DatasetLocation | undefined,
  programs: string,
): Promise<void> {
  const commands = framework.nextCommands?.({ model, ...(dataset === undefined ? {} : { dataset }) }) ?? [];
  expect(commands).toHaveLength(2);
  const elsewhere = mkdtempSync(join(folder, "elsewhere-"));
  const env = { YOLO_CONFIG_DIR: elsewhere, YOLO_OFFLINE: "true", YOLO_AUTOINSTALL: "false" };
  const shell = (script: string, ...words: string[]) =>
    run(
      { argv: ["sh", "-c", `PATH="$1:$PATH"; shift; ${script}`, "sh", programs, ...words], env },
      home,
      {},
      elsewhere,
    );
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await shell(command);
    expect(exitCode, command + stdout + stderr).toBe(0);
  }
  const validate =
    "import sys; from ultralytics import YOLO; model = YOLO(sys.argv[1]); model.val(plots=False); print('data', model.overrides['data'])";
  const { stdout, stderr } = await shell('exec python -c "$@"', validate, model);
  expect(stdout + stderr).toContain(`data ${dataset?.path}`);
  expect(stdout + stderr).not.toContain("coco8");
}

async function fitnessIn(checkpoint: string, python: string): Promise<number> {
  const script =
    "import sys, torch; print(torch.load(sys.argv[1], weights_only=False)['train_metrics']['fitness'])";
  const finished = await run({ argv: [python, "-c", script, checkpoint] }, home);
  expect(finished.exitCode, finished.stderr).toBe(0);
  return Number(finished.stdout.trim().split("\n").at(-1));
}

describe("a real training of each task", { timeout }, () => {
  it.each([
    ["detect", "yolo11n.yaml", ["mAP50", "mAP50-95"]],
    ["segment", "yolo11n-seg.yaml", ["mAP50", "mAP50(M)"]],
    ["pose", "yolo11n-pose.yaml", ["mAP50", "mAP50(P)"]],
    ["obb", "yolo11n-obb.yaml", ["mAP50", "mAP50-95"]],
    ["classify", "yolo11n-cls.yaml", ["accuracy_top1", "accuracy_top5"]],
  ] as const)("%s", async (task, model, metrics) => {
    const { bars, epochs, fitness } = await train(task, task, { model });
    expect(epochs.at(-1)?.score).toBeCloseTo(fitness, 4);
    expect(bars.at(-1)).toMatchObject({ done: 1, total: 1, batch: { done: 2, total: 2 } });
    expect(epochs).toHaveLength(1);
    expect(Object.keys(epochs[0]?.metrics ?? {})).toEqual(expect.arrayContaining([...metrics]));
  });
});

describe("a real training with an older Ultralytics", { timeout }, () => {
  it.each(["8.0.200", "8.2.100"])("%s", async (version) => {
    const { versions, bars, epochs, fitness } = await train(version, "detect", {
      model: "yolov8n.yaml",
      version,
    });
    expect(versions).toMatchObject({ ultralytics: version });
    expect(bars.at(-1)).toMatchObject({ done: 1, total: 1, batch: { done: 2, total: 2 } });
    expect(epochs).toMatchObject([{ done: 1, metrics: { "mAP50-95": expect.any(Number) } }]);
    expect(epochs[0]?.score).toBeCloseTo(fitness, 4);
  });
});
