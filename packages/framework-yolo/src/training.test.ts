import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { CommandResult, Job, JobInput, RemoteFile } from "@unitrain/core/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createQuietContext, drawSet, write } from "../test/drawn-set.ts";
import { describeThisMachine, killAll, run } from "../test/this-machine.ts";
import { layOutRun, prepareEnvironment, startJob } from "../test/training-attempt.ts";
import { yolo } from "./index.ts";

/** A small model with a module of the user. */
const structure = `nc: 2
backbone:
  - [-1, 1, Conv, [16, 3, 2]]
  - [-1, 1, Conv, [32, 3, 2]]
  - [-1, 1, Conv, [64, 3, 2]]
  - [-1, 1, Conv, [64, 3, 2]]
  - [-1, 1, OwnBlock, []]
  - [-1, 1, Conv, [64, 3, 2]]
head:
  - [[2, 4, 5], 1, Detect, [nc]]
`;

const ownModule = `import torch.nn as nn


class OwnBlock(nn.SiLU):
    pass
`;

const ownTraining = `from ultralytics.models.yolo.detect import DetectionTrainer, DetectionValidator


class OwnTrainer(DetectionTrainer):
    def build_optimizer(self, *given, **more):
        print("built by the trainer of mine", flush=True)
        return super().build_optimizer(*given, **more)


class OwnValidator(DetectionValidator):
    def init_metrics(self, model):
        print("judged by the validator of mine", flush=True)
        super().init_metrics(model)
`;

const ownCallbacks = `import albumentations as A


def on_train_epoch_end(trainer):
    print("epoch %d is over for me" % trainer.epoch, flush=True)


def build_augmentations():
    return [A.Darker(p=1.0)]
`;

/** A fake with the functions that Ultralytics uses; the package itself is not in the environment that tests share. */
const standInForAlbumentations = `__version__ = "2.0.8"


class BaseCompose:
    pass


class DualTransform:
    pass


class Lambda:
    pass


class Darker:
    def __init__(self, p):
        self.p = p

    def __repr__(self):
        return "Darker"


class Compose:
    def __init__(self, transforms, **more):
        self.transforms = transforms

    def __call__(self, image, **more):
        print("darkened for me", flush=True)
        return {"image": image // 2, **more}


def to_dict(transform):
    return {"name": repr(transform), "p": transform.p}


def from_dict(kept):
    return Darker(kept["p"])
`;

const standInForWandb = `import os
from unittest.mock import MagicMock

__version__ = "1"
run = None


def init(project=None, name=None, **more):
    global run
    run = MagicMock()
    variables = [os.environ.get(variable) for variable in ("WANDB_MODE", "WANDB_DISABLE_GIT")]
    print("tracked as %s / %s, %s, without git: %s" % (project, name, *variables), flush=True)
    return run


def __getattr__(name):
    return MagicMock()
`;

/** The first run on a computer installs Ultralytics, some gigabytes. */
const installMs = 15 * 60_000;
const trainingMs = 4 * 60_000;

const folder = mkdtempSync(join(tmpdir(), "unitrain yolo (ü) "));
const home = join(folder, "home");
const set = join(folder, "my shapes");
const code = join(folder, "code of mine");
const model = join(folder, "nets of mine.yaml");
const framework = yolo({
  model,
  code,
  trainer: "nets.training.OwnTrainer",
  validator: "nets.training.OwnValidator",
  callbacks: join(folder, "callbacks of mine.py"),
  pip: ["albumentations"],
  track: ["wandb"],
  project: "shapes",
  name: "first try",
  ...{ epochs: 2, imgsz: 64, batch: 4, workers: 0, seed: 1 },
});
/** The paths on the user's computer. */
const out = join(folder, "runs/detect/first try");
const facts = describeThisMachine({ home, workFolder: join(folder, "work") });
let environment: JobInput["environment"];

beforeAll(async () => {
  mkdirSync(home);
  drawSet(set, { train: 8, val: 4 }, 64);
  write(model, structure);
  write(join(code, "nets/blocks.py"), ownModule);
  write(join(code, "nets/training.py"), ownTraining);
  write(join(code, "albumentations.py"), standInForAlbumentations);
  write(join(folder, "callbacks of mine.py"), ownCallbacks);
  write(join(code, "losses.py"), "class Forgotten:\n    pass\n");
  write(join(code, "wandb.py"), standInForWandb);
  write(join(code, ".git/config"), "not to be shipped");
  // Simulates a home folder that is a git repository.
  write(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  write(join(folder, ".git/config"), '[remote "origin"]\n\turl = https://t0ken@example.com/home.git\n');
  // Needs no packages: the code contains a fake of wandb.
  environment = await prepareEnvironment(yolo(), facts, home);
}, installMs);

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

describe("a real training", () => {
  let treeBefore: readonly string[];
  let job: Job;
  let input: JobInput;
  let done: CommandResult;

  beforeAll(async () => {
    treeBefore = listTree(set);
    const report = await framework.check({ kind: "local", path: set }, createQuietContext());
    const local = { out, dataset: report.location };
    input = { ...(await layOutRun(report.manifest, facts, "r1", environment)), local };
    job = framework.job(input);
    // The variables of a build server redirect Ultralytics' output to another folder; those of a scheduler make it one of many ranks.
    done = await startJob(job, home, {
      GITHUB_ACTIONS: "true",
      GITHUB_WORKFLOW: "ci",
      RUNNER_OS: "Linux",
      WORLD_SIZE: "2",
      RANK: "1",
    });
  }, trainingMs);

  it("completes with all files in its output folder", () => {
    expect(done.exitCode, done.stdout + done.stderr).toBe(0);
    const found = readdirSync(input.output, { recursive: true, encoding: "utf8" });
    expect(found).toEqual(
      expect.arrayContaining([
        "weights/best.pt",
        "weights/last.pt",
        "results.csv",
        "args.yaml",
        "results.png",
      ]),
    );
  });

  it("writes nothing into the dataset folder or the home folder", () => {
    expect(listTree(set)).toEqual(treeBefore);
    expect(readdirSync(home)).toEqual([]);
  });

  it("has its own settings without telemetry, and downloads nothing", () => {
    const files = readdirSync(input.scratch, { recursive: true, encoding: "utf8" });
    const settings = files.find((file) => file.endsWith("settings.json"));
    expect(JSON.parse(readFileSync(join(input.scratch, settings ?? ""), "utf8"))).toMatchObject({
      sync: false,
      api_key: "",
      runs_dir: join(input.scratch, "runs"),
    });
    expect(files.filter((file) => /\.(?:pt|ttf)$/.test(file))).toEqual([]);
    expect(done.stdout).not.toContain("Download");
  });

  it("imports a module of the shipped code", () => {
    expect(done.stdout).toContain("unitrain: OwnBlock is taken from nets/blocks.py");
    expect(done.stdout).toContain("nets.blocks.OwnBlock");
    expect(existsSync(join(input.dataset, "code/.git"))).toBe(false);
  });

  it("uses the user's own trainer, validator, callbacks and augmentations", () => {
    expect(done.stdout).toContain("unitrain: the trainer is nets.training.OwnTrainer");
    expect(done.stdout).toContain("built by the trainer of mine");
    expect(done.stdout).toContain("unitrain: the validator is nets.training.OwnValidator");
    expect(done.stdout).toContain("judged by the validator of mine");
    expect(done.stdout).toMatch(/epoch 0 is over for me[\s\S]*epoch 1 is over for me/);
    expect(done.stdout).toContain("darkened for me");
  });

  it("reports code that was never imported", () => {
    expect(done.stdout.trim().split("\n").at(-1)).toBe(
      "unitrain: 1 of 5 Python files of your code were never imported: losses.py",
    );
  });

  it("is tracked under the user's project and name, offline without a key", () => {
    expect(done.stdout).toContain("tracked as shapes / first try, offline, without git: true");
    expect(done.stdout).toContain("WANDB_API_KEY is not set");
  });

  it("reports its progress, and each epoch with its metrics", () => {
    const reader = framework.progress();
    const last = reader.text(done.stdout).at(-1);
    expect(last).toMatchObject({ done: 2, total: 2, complete: false, batch: { done: 2, total: 2 } });
    const epochs = reader.file(job.watch[0] ?? "", readFileSync(job.watch[0] ?? "", "utf8"));
    expect(epochs.map((epoch) => [epoch.done, epoch.total, epoch.complete])).toEqual([
      [1, 2, true],
      [2, 2, true],
    ]);
    expect(epochs[1]?.metrics).toMatchObject({
      box_loss: expect.any(Number),
      "mAP50-95": expect.any(Number),
    });
  });

  it("leaves a model that every way of searching finds", async () => {
    const files = remoteFiles(join(facts.workFolder, "runs/r1"));
    const locateInput = {
      root: input.output,
      job: input,
      files,
      logTail: done.stdout.slice(-65_536),
      read: async () => undefined,
    };
    const best = join(input.output, "weights/best.pt");
    const located = await framework.artifacts.locate(locateInput, createQuietContext());
    expect(located?.map((file) => file.path)).toEqual([best, join(input.output, "weights/last.pt")]);
    const byLog = await framework.artifacts.locate(
      { ...locateInput, root: "/elsewhere" },
      createQuietContext(),
    );
    expect(byLog).toEqual(located);
    const searched = files.filter((file) => file.path.endsWith(".pt"));
    expect(framework.artifacts.rank(searched)[0]?.path).toBe(best);
  });

  it("leaves a complete model, and a truncated one is rejected", async () => {
    const best = join(input.output, "weights/best.pt");
    expect(await framework.artifacts.isComplete(best)).toBe(true);
    const piece = join(folder, "piece.pt");
    copyFileSync(best, piece);
    truncateSync(piece, statSync(best).size - 1000);
    expect(await framework.artifacts.isComplete(piece)).toBe(false);
  });

  it("writes the user's paths into the model and args.yaml, and none of the machine", () => {
    const reported = ["weights/best.pt", "weights/last.pt", "args.yaml"].map((name) =>
      readFileSync(join(input.output, name), "utf8"),
    );
    for (const text of reported) {
      expect(text).toContain(join(set, "data.yaml"));
      expect(text).toContain(model);
      expect(text).not.toContain(facts.workFolder);
    }
    expect(parse(reported.at(-1) ?? "")).toMatchObject({
      ...{ data: join(set, "data.yaml"), model, save_dir: out, project: "shapes", name: "first try" },
      ...{ epochs: 2, imgsz: 64, batch: 4, exist_ok: false, device: null, workers: 0 },
    });
  });

  it("writes no URL of a checkout into the model, because it may contain a token", () => {
    const best = readFileSync(join(input.output, "weights/best.pt"), "latin1");
    expect(best).toContain("origin");
    expect(best).not.toContain("t0ken");
  });
});

describe("a training that is stopped while it saves", () => {
  it(
    "ends after the checkpoint, with a complete, stripped best model and a last model that can be resumed",
    async () => {
      const long = yolo({ model, code, imgsz: 32, batch: 4, epochs: 1000, workers: 0, plots: false });
      const report = await long.check({ kind: "local", path: set }, createQuietContext());
      const input = await layOutRun(report.manifest, facts, "r3", environment);
      let pid = 0;
      const done = startJob(long.job(input), home, {}, (started) => {
        pid = started;
      });
      const best = join(input.output, "weights/best.pt");
      const last = join(input.output, "weights/last.pt");
      const saves = () =>
        existsSync(best) && readdirSync(input.scratch).some((name) => name.startsWith(".saving-"));
      const ended = done.then(() => true);
      while (!saves()) if (await Promise.race([ended, setTimeout(2)])) break;
      process.kill(pid, "SIGTERM");
      const { exitCode, stdout, stderr } = await done;
      expect(exitCode, stdout + stderr).toBe(143);
      expect(stdout).toContain("Python files of your code were never imported");
      expect(readdirSync(join(input.output, "weights")).sort()).toEqual(["best.pt", "last.pt"]);
      expect(readdirSync(input.scratch).filter((name) => name.startsWith(".saving-"))).toEqual([]);
      expect([await long.artifacts.isComplete(best), await long.artifacts.isComplete(last)]).toEqual([
        true,
        true,
      ]);
      expect(statSync(best).size).toBeLessThan(statSync(last).size / 2);
    },
    trainingMs,
  );
});

describe("a machine with a memory limit", () => {
  it("is named when Ultralytics does not load", async () => {
    const { verify, explain } = yolo().environment(facts);
    const limited = ["sh", "-c", 'ulimit -v 600000; exec "$@"', "sh", ...verify.argv];
    const failed = await run({ ...verify, argv: limited }, home);
    expect(failed.exitCode).toBe(1);
    expect(explain?.(failed.stdout + failed.stderr, failed.exitCode)?.message).toContain("ran out of memory");
  });
});

describe("a training that cannot start", () => {
  it(
    "fails with the reason at the end of its log",
    async () => {
      const broken = yolo({
        model: write(join(folder, "broken.yaml"), "nc: 2\nbackbone: nonsense\n"),
        epochs: 1,
      });
      const report = await broken.check({ kind: "local", path: set }, createQuietContext());
      const input = await layOutRun(report.manifest, facts, "r2", environment);
      const done = await startJob(broken.job(input), home);
      expect(done.exitCode).toBe(1);
      expect(done.stderr.trim().split("\n").at(-1)).toMatch(/Error/);
      expect(existsSync(join(input.output, "weights"))).toBe(false);
    },
    trainingMs,
  );
});

function remoteFiles(root: string): readonly RemoteFile[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => join(root, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({
      path,
      sizeBytes: statSync(path).size,
      modifiedAt: statSync(path).mtime.toISOString(),
    }));
}

function listTree(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((path) => {
      const found = statSync(join(root, path));
      const sum = found.isFile()
        ? createHash("sha256")
            .update(readFileSync(join(root, path)))
            .digest("hex")
        : "";
      return [path, found.mtimeMs, found.mode, sum].join(" ");
    });
}
