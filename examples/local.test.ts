import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { drawDataset } from "./demo/dataset.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("./local.ts", import.meta.url));
const quick =
  "model=yolo11n.yaml epochs=1 imgsz=32 batch=32 device=cpu workers=0 plots=False amp=False mosaic=0 close_mosaic=0";

test("the example trains on this computer and says where the model lies", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain example "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await drawDataset(join(folder, "shapes"));
  // What is installed already is used again; all else is kept out of the user's home.
  const caches =
    process.env.XDG_CACHE_HOME ??
    join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache");
  const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: caches, UNITRAIN_HOME: join(folder, "state") };
  const words = ["--conditions=@unitrain/source", program, "./shapes", ...quick.split(" ")];
  const { stdout } = await run(process.execPath, words, { cwd: folder, env });
  expect(stdout).toContain("1 {");
  const model = stdout.trim().split("\n").at(-1)?.replace("completed ", "") ?? "";
  expect(model.startsWith(join(folder, "runs", "detect"))).toBe(true);
  expect((await stat(model)).size).toBeGreaterThan(1_000_000);
});
