import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import type { Manifest, ManifestEntry } from "@unitrain/core/spec";
import { onTestFinished } from "vitest";

/** Creates a temporary folder for a test, which is removed after it. */
export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unitrain-yolo-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(file: string, content: string | Uint8Array): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A tiny file that torch.save wrote. */
export const tinyModel: Buffer = readFileSync(new URL("tiny-model.pt", import.meta.url));

/** Draws circles and squares on a dark background, with their labels, in Ultralytics' usual layout. Always draws the same images. */
export function drawSet(folder: string, counts: { train: number; val: number }, sizePixels = 32): string {
  const random = createRandom(7);
  for (const [split, count] of Object.entries(counts)) {
    for (let index = 0; index < count; index++) {
      const { png, label } = drawImage(sizePixels, random);
      write(join(folder, "images", split, `${index}.png`), png);
      write(join(folder, "labels", split, `${index}.txt`), label);
    }
  }
  write(
    join(folder, "data.yaml"),
    "train: images/train\nval: images/val\nnames:\n  0: circle\n  1: square\n",
  );
  return folder;
}

/** Creates a PNG of one color and any size, for tests that need no content. */
export function createPlainPng(width = 32, height = 32): Buffer {
  return png(width, height, () => [40, 80, 120]);
}

function drawImage(size: number, random: () => number): { readonly png: Buffer; readonly label: string } {
  const shapes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const radius = size * (0.1 + random() * 0.1);
    const place = () => radius + random() * (size - 2 * radius);
    return {
      kind: random() < 0.5 ? 0 : 1,
      x: place(),
      y: place(),
      radius,
      colour: [90, 90, 90].map((low) => low + random() * 165),
    };
  });
  const pixel = (x: number, y: number): readonly number[] => {
    const hit = shapes.findLast((shape) => {
      const [dx, dy] = [Math.abs(x - shape.x), Math.abs(y - shape.y)];
      return shape.kind === 0 ? Math.hypot(dx, dy) <= shape.radius : Math.max(dx, dy) <= shape.radius;
    });
    return hit?.colour ?? [20, 20, 30];
  };
  const rows = shapes.map(({ kind, x, y, radius }) =>
    [kind, ...[x, y, 2 * radius, 2 * radius].map((value) => (value / size).toFixed(6))].join(" "),
  );
  return { png: png(size, size, pixel), label: `${rows.join("\n")}\n` };
}

function png(width: number, height: number, pixel: (x: number, y: number) => readonly number[]): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(pixel(x, y).map(Math.floor), y * (1 + width * 3) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, sum]);
}

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

export { createQuietContext } from "./quiet-context.ts";

export async function listEntries(manifest: Manifest): Promise<readonly ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for await (const batch of manifest.entries()) entries.push(...batch);
  return entries;
}
