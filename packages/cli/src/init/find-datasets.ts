import type { Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** Something that looks like a dataset of YOLO, or a model, as seen from the folder that was searched: `./pallets`. */
export interface FoundFiles {
  readonly datasets: readonly FoundDataset[];
  /** Weights, `./best.pt`. */
  readonly models: readonly string[];
}

export interface FoundDataset {
  readonly path: string;
  readonly task: "detect" | "pose" | "classify";
}

/** Looks a few levels deep, not into what is hidden, installed or trained. The real check of a dataset is `unitrain plan`. */
export async function findFiles(root: string): Promise<FoundFiles> {
  const datasets: FoundDataset[] = [];
  const models: string[] = [];
  const written = (path: string) => `./${relative(root, path).split(sep).join("/")}`;
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const file of entries.filter((entry) => entry.isFile())) {
      const path = join(folder, file.name);
      if (file.name.endsWith(".pt")) models.push(written(path));
      if (!/\.ya?ml$/.test(file.name)) continue;
      const task = taskOf(await readFile(path, "utf8").catch(() => ""));
      // A folder with one data.yaml is named by itself.
      if (task !== undefined)
        datasets.push({
          path: file.name === "data.yaml" && folder !== root ? written(folder) : written(path),
          task,
        });
    }
    const folders = entries.filter((entry) => entry.isDirectory() && !skipped.test(entry.name));
    if (depth > 0 && (await isClassify(folder, folders)))
      datasets.push({ path: written(folder), task: "classify" });
    else if (depth < deepest) for (const inner of folders) await visit(join(folder, inner.name), depth + 1);
  };
  await visit(root, 0);
  return { datasets, models };
}

const deepest = 3;
const skipped = /^(\..*|node_modules|runs|images|labels|venv|env|__pycache__)$/;

function taskOf(yaml: string): FoundDataset["task"] | undefined {
  if (!/^train\s*:/m.test(yaml) || !/^(names|nc)\s*:/m.test(yaml)) return undefined;
  return /^kpt_shape\s*:/m.test(yaml) ? "pose" : "detect";
}

/** `train/<class>/…` beside `val/` or `test/`. */
async function isClassify(folder: string, folders: readonly Dirent[]): Promise<boolean> {
  const names = folders.map(({ name }) => name);
  if (!names.includes("train") || !names.some((name) => name === "val" || name === "test")) return false;
  const classes = await readdir(join(folder, "train"), { withFileTypes: true });
  return (
    classes.filter((entry) => entry.isDirectory() && entry.name !== "images" && entry.name !== "labels")
      .length > 1
  );
}
