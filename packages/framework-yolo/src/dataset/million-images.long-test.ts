import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createTemporaryFolder } from "../../test/drawn-set.ts";
import { writeLargeSet } from "../../test/large-set.ts";

const images = Number(process.env.UNITRAIN_SOAK_IMAGES ?? 1_000_000);
/** The memory that a check may need in addition to the loaded program: 274 MB were measured, and 390 MB (1 MB = 1024 KiB) for `unitrain plan` in all. */
const mostBytes = 300_000_000;

test(`checks ${images} images with labels in nearly constant memory`, {
  timeout: 1_800_000,
}, async () => {
  const folder = createTemporaryFolder();
  const { train, val } = writeLargeSet(folder, images);
  const program = fileURLToPath(new URL("../../test/plan-memory.ts", import.meta.url));
  const words = ["--conditions=@unitrain/source", program, folder];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const found = JSON.parse(stdout) as {
    summary: string;
    files: number;
    loadedBytes: number;
    peakBytes: number;
  };
  expect(found.summary).toBe(`${train} train + ${val} val images, 2 classes`);
  expect(found.files).toBe(2 * images + 1);
  expect(found.peakBytes - found.loadedBytes).toBeLessThan(mostBytes);
});
