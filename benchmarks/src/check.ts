import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { yolo } from "@unitrain/framework-yolo";
import { drawDataset } from "../../examples/demo/dataset.ts";
import { compare } from "./harness.ts";

const drawnImages = 128;
const copies = 80;

/** Compares unitrain's check of a dataset with 10,000 images to the scan at the start of an Ultralytics training. */
export async function check(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-benchmark-"));
  try {
    await writeSet(folder);
    const python = await findInstalledPython();
    await compare({
      title: `check of ${(drawnImages * copies).toLocaleString("en")} images with their labels`,
      rounds: 3,
      ours: { name: "unitrain", run: () => runUnitrain(folder) },
      peer: { name: "Ultralytics' scan", run: () => runUltralyticsScan(python, folder) },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Draws a few images and copies them, because their content does not affect reading. */
async function writeSet(folder: string): Promise<void> {
  await drawDataset(folder);
  for (const kind of ["images", "labels"]) {
    const train = join(folder, kind, "train");
    const files = await readdir(train);
    for (let copy = 1; copy < copies; copy += 1)
      for (const file of files) await cp(join(train, file), join(train, `${copy}-${file}`));
  }
}

async function runUnitrain(folder: string): Promise<number> {
  const framework = yolo({ model: "yolo11n.yaml" });
  const begin = performance.now();
  const { findings } = await framework.check(
    { kind: "local", path: folder },
    { signal: new AbortController().signal, secret: () => {}, showStatus: () => {}, wait: async () => {} },
  );
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`Invalid benchmark dataset: ${errors[0]?.message}`);
  return (performance.now() - begin) / 1000;
}

async function runUltralyticsScan(python: string, folder: string): Promise<number> {
  const config = join(folder, ".settings");
  await mkdir(config, { recursive: true });
  const { stdout } = await promisify(execFile)(python, ["-c", script, folder], {
    env: { ...process.env, YOLO_CONFIG_DIR: config, YOLO_OFFLINE: "true", YOLO_AUTOINSTALL: "false" },
    maxBuffer: 1e8,
  });
  await rm(join(folder, "labels", "train.cache"), { force: true });
  return Number(stdout.trim().split("\n").at(-1));
}

const script = `
import os, sys, time
from ultralytics.data.dataset import YOLODataset
folder = sys.argv[1]
begin = time.time()
YOLODataset(img_path=os.path.join(folder, "images/train"), imgsz=64, augment=False, task="detect",
            data={"names": {0: "circle", 1: "square"}, "nc": 2, "channels": 3})
print(time.time() - begin)
`;

/** Returns the Python of an environment that a run on this computer installed. */
async function findInstalledPython(): Promise<string> {
  const environments = join(homedir(), ".cache", "unitrain", "1", "environments");
  const found = (await readdir(environments).catch(() => [])).find((name) =>
    name.startsWith("ultralytics-8.4"),
  );
  if (found === undefined) throw new Error("Run `npm run demo` first: it installs Ultralytics.");
  return join(environments, found, "bin", "python");
}
