import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createRandomShapes, drawImage, formatLabels, shapeNames } from "./image.ts";
import { createRandom } from "./random.ts";

/** Number of images for training and validation. */
export const images = { train: 128, val: 32 } as const;

/**
 * Returns the folder of the demo's dataset: in the user's cache, so that the checkout stays clean and later runs are
 * faster.
 */
export function getDemoFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "unitrain", "demo", "shapes-1");
}

/** Draws the dataset, unless it exists. It is the same every time, and never incomplete. */
export async function drawDataset(folder: string): Promise<{ readonly isDrawn: boolean }> {
  if (existsSync(join(folder, "data.yaml"))) return { isDrawn: false };
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-unfinished-`);
  try {
    let seed = 1;
    for (const [split, count] of Object.entries(images)) {
      for (let number = 1; number <= count; number += 1)
        await drawNumberedImage(unfinished, split, number, seed++);
    }
    await writeFile(join(unfinished, "data.yaml"), formatDataYaml());
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return { isDrawn: true };
}

async function drawNumberedImage(folder: string, split: string, number: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  const shapes = createRandomShapes(random);
  const name = String(number).padStart(3, "0");
  const [images, labels] = [join(folder, "images", split), join(folder, "labels", split)];
  await mkdir(images, { recursive: true });
  await mkdir(labels, { recursive: true });
  await writeFile(join(images, `${name}.png`), drawImage(shapes, random));
  await writeFile(join(labels, `${name}.txt`), formatLabels(shapes));
}

function formatDataYaml(): string {
  const names = shapeNames.map((name, index) => `  ${index}: ${name}\n`).join("");
  return `train: images/train\nval: images/val\nnames:\n${names}`;
}
