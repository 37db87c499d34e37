import { createHash, hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ManifestEntry, Shipment } from "@unitrain/core/spec";
import { expect } from "vitest";
import type { TestMachine } from "./test-machine.ts";

/** Creates a shipment like those of core. */
export function createShipment(
  machine: TestMachine,
  entries: readonly ManifestEntry[],
  run = "run-1",
): Shipment {
  const digest = createHash("sha256");
  for (const { path, sha256, sizeBytes } of entries) digest.update(`${path} ${sha256} ${sizeBytes}\0`);
  return {
    manifest: {
      async *entries() {
        for (let at = 0; at < entries.length; at += 100) yield entries.slice(at, at + 100);
      },
    },
    digest: digest.digest("hex"),
    files: entries.length,
    bytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    target: join(machine.workFolder, "runs", run, "data"),
  };
}

/** Creates an entry for a file, which is written to this computer. */
export function createFileEntry(
  machine: TestMachine,
  path: string,
  content: string | Buffer,
  executable = false,
): ManifestEntry {
  const file = join(machine.root, "dataset", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return {
    path,
    from: { file },
    sizeBytes: Buffer.byteLength(content),
    sha256: hash("sha256", content),
    executable,
  };
}

export function createBytesEntry(path: string, content: string | Buffer): ManifestEntry {
  const bytes = Buffer.from(content);
  return { path, from: { bytes }, sizeBytes: bytes.length, sha256: hash("sha256", bytes) };
}

/** Asserts that the target contains exactly these entries. */
export function expectSame(entries: readonly ManifestEntry[], { target }: Shipment): void {
  for (const { path, sha256 } of entries) {
    expect(hash("sha256", readFileSync(join(target, path))), path).toBe(sha256);
  }
  const found = readdirSync(target, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  expect(found).toHaveLength(entries.length);
}

/** Lists what no upload may leave behind. */
export function listUnfinishedShips({ workFolder }: TestMachine): readonly string[] {
  return readdirSync(workFolder, { recursive: true, encoding: "utf8" })
    .map((path) => path.split("/").at(-1) ?? "")
    .filter((name) => name.startsWith("incoming,") || name.startsWith("probe,"));
}

/** Creates an executor whose PATH has links to all programs except the missing ones. */
export async function createExecutorWithout(machine: TestMachine, missing: readonly string[]) {
  const bin = join(machine.root, "bin");
  await mkdir(bin);
  for (const folder of ["/usr/bin", "/bin"]) {
    for (const name of await readdir(folder)) {
      if (!missing.includes(name) && !existsSync(join(bin, name)))
        symlinkSync(join(folder, name), join(bin, name));
    }
  }
  return machine.executor(join(bin, "env"), [`PATH=${bin}`, "sh", "-c"]);
}
