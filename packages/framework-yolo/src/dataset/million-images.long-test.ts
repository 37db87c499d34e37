import { execFile } from "node:child_process";
import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { plainPng, temporaryFolder } from "../../test/drawn-set.ts";

const images = Number(process.env.UNITRAIN_SOAK_IMAGES ?? 1_000_000);
/** What a check may take beside the loaded program: 274 MB were measured, and 390 MB (1 MB = 1024 KiB) for `unitrain plan` in all. */
const mostBytes = 300_000_000;
/** Some file systems allow no more than 65,000 links to a file. */
const linksPerFile = 50_000;

/** Hard links, so that it takes minutes and no space; for the check each is a file. */
function fill(folder: string, suffix: string, content: Uint8Array | string, count: number): void {
  mkdirSync(folder, { recursive: true });
  let original = "";
  for (let at = 0; at < count; at++) {
    const file = join(folder, `${String(at).padStart(7, "0")}${suffix}`);
    if (at % linksPerFile === 0) {
      original = file;
      writeFileSync(file, content);
    } else linkSync(original, file);
  }
}

test(`${images} images with labels are checked in memory that hardly grows`, {
  timeout: 1_800_000,
}, async () => {
  const folder = temporaryFolder();
  const val = 100;
  for (const [split, count] of [
    ["train", images - val],
    ["val", val],
  ] as const) {
    fill(join(folder, "images", split), ".png", plainPng(12, split === "train" ? 12 : 14), count);
    fill(join(folder, "labels", split), ".txt", "0 0.5 0.5 0.2 0.2\n", count);
  }
  writeFileSync(join(folder, "data.yaml"), "train: images/train\nval: images/val\nnames: [a, b]\n");
  const program = fileURLToPath(new URL("../../test/plan-memory.ts", import.meta.url));
  const words = ["--conditions=@unitrain/source", program, folder];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const found = JSON.parse(stdout) as {
    summary: string;
    files: number;
    loadedBytes: number;
    peakBytes: number;
  };
  expect(found.summary).toBe(`${images - val} train + ${val} val images, 2 classes`);
  expect(found.files).toBe(2 * images + 1);
  expect(found.peakBytes - found.loadedBytes).toBeLessThan(mostBytes);
});
