import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createRandomShapes, drawImage, formatLabels } from "../../examples/demo/image.ts";
import { createRandom } from "../../examples/demo/random.ts";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
/** `npm test` builds it before the tests run; `npm run build` does so by itself. */
const program = join(packages, "cli/dist/bin.js");

/** Prints the address of each file that Node loads after it. */
const listLoadedFiles = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const load = (url, context, next) => {
    if (url.startsWith("file:")) process.stderr.write("loads " + url + "\\n");
    return next(url, context);
  };
  registerHooks({ load });
`)}`;

/** Runs the program in a folder with a dataset of two images. */
async function run(...words: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-built-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const random = createRandom(1);
  for (const split of ["train", "val"]) {
    const shapes = createRandomShapes(random);
    await mkdir(join(folder, "data", split), { recursive: true });
    await writeFile(join(folder, "data", split, "a.png"), drawImage(shapes, random));
    await writeFile(join(folder, "data", split, "a.txt"), formatLabels(shapes));
  }
  await writeFile(join(folder, "data/data.yaml"), "train: train\nval: val\nnames: [circle, square]\n");
  const env = { ...process.env, UNITRAIN_HOME: join(folder, "home"), NODE_OPTIONS: "" };
  return promisify(execFile)(process.execPath, ["--import", listLoadedFiles, program, ...words], {
    env,
    cwd: folder,
  });
}

test("the built program knows its version", async () => {
  const manifest = JSON.parse(await readFile(join(packages, "cli/package.json"), "utf8"));
  expect((await run("--version")).stdout).toBe(`${manifest.version}\n`);
});

test("a plan for this computer loads eight files, since each one more delays every start", async () => {
  const { stdout, stderr } = await run("plan", "data", "model=yolo11n.yaml", "--no-config");
  expect(stdout).toContain("1 train + 1 val images");
  const loaded = [...stderr.matchAll(/^loads (.*)$/gm)].map(([, url = ""]) => fileURLToPath(url));
  expect(loaded.map((file) => file.replace(packages, "")).sort()).toEqual([
    "cli/dist/app.js",
    "cli/dist/bin.js",
    "core/dist/index.js",
    "core/dist/spec/index.js",
    "framework-yolo/dist/check-all.js",
    "framework-yolo/dist/command-line.js",
    "framework-yolo/dist/index.js",
    "provider-local/dist/index.js",
  ]);
});
