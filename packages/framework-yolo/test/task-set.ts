import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "../src/options/tasks.ts";
import { drawSet, write } from "./drawn-set.ts";

/** Creates a valid dataset for any task: the images of `drawSet`, with the labels that the task needs. */
export function drawSetFor(
  task: Task,
  folder: string,
  counts: { train: number; val: number },
  sizePixels = 32,
): string {
  drawSet(folder, counts, sizePixels);
  if (task === "classify") return sortByClass(folder, Object.keys(counts));
  if (task === "pose") appendFileSync(join(folder, "data.yaml"), "kpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\n");
  for (const split of Object.keys(counts)) {
    for (const name of readdirSync(join(folder, "labels", split))) {
      const file = join(folder, "labels", split, name);
      const rows = readFileSync(file, "utf8").trim().split("\n");
      writeFileSync(file, rows.map((row) => `${formatRow(task, row.split(" ").map(Number))}\n`).join(""));
    }
  }
  return folder;
}

function formatRow(task: Task, box: readonly number[]): string {
  const [id = 0, x = 0, y = 0, width = 0, height = 0] = box;
  const [left, right, top, bottom] = [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
  const numbers = {
    detect: box,
    segment: [id, x, top, right, y, x, bottom, left, y, left, top],
    obb: [id, x, top, right, y, x, bottom, left, y],
    pose: [...box, x, y, 2, left, y, 1, 0, 0, 0],
    classify: box,
  }[task];
  return numbers.map((number) => String(Number(number.toFixed(6)))).join(" ");
}

/** Moves each image to the folder of its first object, so that both classes have images. */
function sortByClass(folder: string, splits: readonly string[]): string {
  for (const split of splits) {
    for (const name of readdirSync(join(folder, "images", split))) {
      const number = Number.parseInt(name, 10);
      const target = write(join(folder, split, number % 2 === 0 ? "circle" : "square", name), "");
      renameSync(join(folder, "images", split, name), target);
    }
  }
  for (const name of ["images", "labels", "data.yaml"]) rmSync(join(folder, name), { recursive: true });
  return folder;
}
