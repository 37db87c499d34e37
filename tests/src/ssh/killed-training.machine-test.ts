import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { drawDataset } from "../../../examples/demo/dataset.ts";
import { type Canary, createCanary } from "../canaries/canary.ts";
import { createSearch, describeLeaks } from "../canaries/search.ts";
import { collectEvents, joinLog } from "../engine/engine-harness.ts";
import { startClient } from "../local/client.ts";
import { runsIn } from "../local/local-harness.ts";
import { yoloOverSsh } from "./yolo-harness.ts";

const program = new URL("./train.ts", import.meta.url);
const options =
  "model=yolo11n.yaml epochs=4 imgsz=64 batch=16 device=cpu workers=0 plots=False amp=False mosaic=0 close_mosaic=0";

test("another process attaches to a real training over ssh whose client was killed, and downloads the model", {
  timeout: 300_000,
}, async () => {
  const { folder, home, machineHome, machine, sshOptions } = await yoloOverSsh();
  const [data, project] = [join(folder, "shapes"), join(folder, "mine")];
  await drawDataset(data);
  await mkdir(join(project, "first"), { recursive: true });
  await writeFile(join(project, "first", "notes.txt"), "of an earlier run");
  const token = createCanary("--secret");
  const remote = createCanary("the git remote around the data, the results and the machine's home folder");
  vi.stubEnv("UNITRAIN_CANARY_TOKEN", token.value);
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const repository of [data, project, machineHome]) await writeRepository(repository, remote.value);
  const before = await listTree(data);

  const client = startClient(
    program,
    ...[home, data, project, options, JSON.stringify(machine), JSON.stringify(sshOptions)],
  );
  await client.says("epoch 1 complete");
  await client.kill();
  const [summary] = await runsIn(home).runs();
  expect(summary).toMatchObject({ state: "detached", job: expect.stringContaining("yolo11n.yaml") });

  // `project=` and `name=` name the folder; existing results are left alone, and the attached run continues in its own folder.
  const out = join(project, "first-2");
  expect(summary).toMatchObject({ name: "first-2", out });
  const run = await runsIn(home).attach(summary?.name);
  expect(run.role).toBe("controller");
  const events = await collectEvents(run);
  const { outcome, artifacts, receipt } = await run.result;
  expect(outcome).toBe("completed");
  expect(receipt.epochs).toEqual({ done: 4, total: 4 });
  expect(receipt.metrics).toHaveProperty("mAP50-95");
  const complete = events.flatMap((event) =>
    event.type === "progress" && event.complete ? [event.done] : [],
  );
  expect(complete).toEqual([1, 2, 3, 4]);
  const log = await readFile(run.paths.log, "utf8");
  expect(joinLog(events)).toBe(log);
  expect(log.match(/4 epochs completed/g)).toHaveLength(1);
  expect(artifacts.filter(({ role }) => role === "model").map(({ path }) => path)).toEqual([
    "weights/best.pt",
  ]);
  for (const path of ["weights/best.pt", "weights/last.pt", "results.csv", "args.yaml", "receipt.json"]) {
    expect(existsSync(join(out, path)), path).toBe(true);
  }
  // Files that Ultralytics and the launcher write are not taken for the user's files.
  expect(existsSync(join(out, "working-folder"))).toBe(false);
  expect((await readdir(project)).sort()).toEqual([".git", "first", "first-2"]);
  expect(await readdir(join(project, "first"))).toEqual(["notes.txt"]);
  await expectNoCanary([token, remote], [folder, machineHome]);
  // Ultralytics writes caches beside labels, but not into the user's folder.
  expect(await listTree(data)).toEqual(before);
});

/** Writes what Ultralytics and trackers read of a git repository: some store it in a model. */
async function writeRepository(folder: string, password: string): Promise<void> {
  await mkdir(join(folder, ".git"), { recursive: true });
  await writeFile(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  const url = `https://user:${password}@example.com/project.git`;
  await writeFile(join(folder, ".git/config"), `[remote "origin"]\n\turl = ${url}\n`);
}

/** Searches the models and everything else at both ends, apart from the repositories themselves. */
async function expectNoCanary(canaries: readonly Canary[], folders: readonly string[]): Promise<void> {
  const search = createSearch([...canaries, { place: "the model's name", value: "yolo11n.yaml" }]);
  const found = await Promise.all(folders.map((folder) => search.folder(folder)));
  const leaks = found.flatMap(({ leaks }) => leaks).filter(({ where }) => !where.endsWith("/.git/config"));
  // The search reads what is in a model: its own arguments.
  const inModel = leaks.filter(({ where }) => where.includes("weights/best.pt"));
  expect(inModel.map(({ place }) => place)).toContain("the model's name");
  expect(describeLeaks(leaks.filter(({ place }) => place !== "the model's name"))).toEqual([]);
}

async function listTree(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).toSorted();
}
