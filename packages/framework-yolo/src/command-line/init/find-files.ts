import type { Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { FoundDataset } from "@unitrain/core/spec";
import type { Task } from "../../options/tasks.ts";

/** What looks like a dataset of YOLO, or like a model, relative to the folder that was searched: `./pallets`. */
interface FoundFiles {
  readonly datasets: readonly FoundYoloDataset[];
  /** Weights, `./best.pt`. */
  readonly models: readonly string[];
}

interface FoundYoloDataset extends FoundDataset {
  readonly kind: Task;
}

/** Searches a few levels deep, not in what is hidden, installed or trained. */
export async function findFiles(root: string): Promise<FoundFiles> {
  const datasets: FoundYoloDataset[] = [];
  const models: string[] = [];
  const reportedArguments = (path: string) => `./${relative(root, path).split(sep).join("/")}`;
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const file of entries.filter((entry) => entry.isFile())) {
      const path = join(folder, file.name);
      if (file.name.endsWith(".pt")) models.push(reportedArguments(path));
      if (!/\.ya?ml$/.test(file.name)) continue;
      const kind = getFileKind(await readFile(path, "utf8").catch(() => ""));
      // A folder with one data.yaml is named by itself.
      if (kind !== undefined)
        datasets.push({
          path:
            file.name === "data.yaml" && folder !== root
              ? reportedArguments(folder)
              : reportedArguments(path),
          kind,
        });
    }
    const folders = entries.filter((entry) => entry.isDirectory() && !skipped.test(entry.name));
    if (depth > 0 && (await isClassify(folder, folders)))
      datasets.push({ path: reportedArguments(folder), kind: "classify" });
    else if (depth < deepest) for (const inner of folders) await visit(join(folder, inner.name), depth + 1);
  };
  await visit(root, 0);
  return { datasets, models };
}

const deepest = 3;
const skipped = /^(\..*|node_modules|runs|images|labels|venv|env|__pycache__)$/;

function getFileKind(yaml: string): FoundYoloDataset["kind"] | undefined {
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
