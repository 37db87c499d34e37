import { hash, randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ManifestEntry } from "@unitrain/core/spec";

/** A folder of files, and the list of them as core ships it. */
export interface FileSet {
  readonly folder: string;
  readonly name: string;
  readonly entries: readonly ManifestEntry[];
  readonly bytes: number;
}

/** 1,000 images of 100 kB that do not shrink, with their labels: 102 MB in 2,001 files. */
export function writeImages(folder: string, images = 1_000): Promise<FileSet> {
  const files = numbers(images).flatMap((at) => [
    [`images/${at}.jpg`, () => randomBytes(100_000)] as const,
    [`labels/${at}.txt`, () => Buffer.from(`0 0.5 0.5 0.2 0.${at}\n`)] as const,
  ]);
  return writeSet(folder, [["data.yaml", () => Buffer.from("train: images\nnames: [pallet]\n")], ...files]);
}

/** 20,001 files of 500 bytes. */
export function writeSmallFiles(folder: string): Promise<FileSet> {
  const files = numbers(20_000).map(
    (at) => [`labels/${at % 100}/${at}.txt`, () => randomBytes(500)] as const,
  );
  return writeSet(folder, [["data.yaml", () => Buffer.from("train: images\n")], ...files]);
}

/** Writes other content into every hundredth image, and returns the new list. */
export async function changeImages(set: FileSet): Promise<FileSet> {
  const images = set.entries.filter(({ path }) => path.startsWith("images/"));
  const changed = new Map<ManifestEntry, ManifestEntry>();
  for (let at = 0; at < images.length; at += 100) {
    const entry = images[at];
    if (entry !== undefined)
      changed.set(entry, await write(set.folder, entry.path, randomBytes(entry.sizeBytes)));
  }
  const entries = set.entries.map((entry) => changed.get(entry) ?? entry);
  return { ...set, entries };
}

async function writeSet(
  folder: string,
  files: readonly (readonly [path: string, create: () => Buffer])[],
): Promise<FileSet> {
  const entries: ManifestEntry[] = [];
  for (const [path, create] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    entries.push(await write(folder, path, create()));
  }
  const bytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const name = `${entries.length.toLocaleString("en")} files, ${Math.round(bytes / 1e6)} MB`;
  return { folder, name, entries, bytes };
}

async function write(folder: string, path: string, content: Buffer): Promise<ManifestEntry> {
  const file = join(folder, path);
  await writeFile(file, content);
  return { path, from: { file }, sizeBytes: content.length, sha256: hash("sha256", content) };
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
