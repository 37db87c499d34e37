import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../packages/cli/src/bin.ts", import.meta.url));
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unitrain scripts "));
  await cp(fileURLToPath(new URL(".", import.meta.url)), folder, { recursive: true });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** `unitrain train … --framework script` in a copy of this folder. The four trainings share one environment. */
async function train(...words: readonly string[]): Promise<string> {
  // What is installed already is used again; all else is kept out of the user's home.
  const caches =
    process.env.XDG_CACHE_HOME ??
    join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache");
  const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: caches, UNITRAIN_HOME: join(folder, "state") };
  const argv = ["--conditions=@unitrain/source", bin, "train", ...words, "--framework", "script"];
  return (await promisify(execFile)(process.execPath, argv, { cwd: folder, env })).stdout;
}

const sizeOf = async (path: string) => (await stat(join(folder, "runs/script", path))).size;

test("a PyTorch script trains as it is, with its data where it expects it", async () => {
  const words = ["--command", "python pytorch.py", "--artifact", "out/*.pt", "--metric", "loss=([0-9.]+)"];
  const stdout = await train("./data", "--name", "torch", ...words);
  expect(stdout).toMatch(/ 3 +\d+\.\d+ +best\n/);
  expect(await sizeOf("torch/out/line.pt")).toBeGreaterThan(500);
});

test("a scikit-learn fit trains as it is, without epochs", async () => {
  const words = ["--command", "python sklearn_fit.py {data} {output}", "--metric", "r2 (\\S+)"];
  expect(await train("./data", "--name", "sklearn", ...words)).toMatch(/ 1 +1 +best\n/);
  expect(await sizeOf("sklearn/line.joblib")).toBeGreaterThan(100);
});

test("a Hugging Face Trainer trains as it is, and its model is downloaded as a folder", async () => {
  const words = ["--command", "python hugging_face.py", "--artifact", "out/model/**"];
  const stdout = await train("--name", "hf", ...words, "--metric", "'eval_loss': '?([0-9.]+)");
  expect(stdout).toMatch(/ 2 +0\.\d+/);
  expect(stdout).toContain("runs/script/hf/out/model/model.safetensors");
  expect(await sizeOf("hf/out/model/config.json")).toBeGreaterThan(100);
});

test("a Lightning module trains as it is, and its epochs are counted from 1", async () => {
  const words = ["--command", "python lightning_module.py", "--artifact", "checkpoints/*.ckpt"];
  const metric = ["--metric", "train_loss=([0-9.]+)"];
  const stdout = await train("--name", "pl", ...words, "--best", "checkpoints/last.ckpt", ...metric);
  expect(stdout).toMatch(/ 2 +\d\.\d+ +best\n/);
  expect(await sizeOf("pl/checkpoints/last.ckpt")).toBeGreaterThan(1_000);
});
