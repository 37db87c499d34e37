import { spawn } from "node:child_process";
import { createHash, hash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext, ManifestEntry, Shipment } from "@unitrain/core/spec";
import { compare } from "./harness.ts";
import { type Bench, withServer } from "./server.ts";

const images = 1_000;
const imageBytes = 100_000;

/**
 * Compares uploads of 1,000 images of 100 kB with labels over the loopback: connecting, sending, and verifying each
 * file on the other side.
 */
export async function ship(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-benchmark-"));
  try {
    const entries = await writeSet(folder);
    await withServer(async (bench) => {
      const settings = { title: `ship ${entries.length} files, 102 MB, first time`, rounds: 5 };
      const ours = { name: "unitrain", run: () => shipOurs(bench, entries, true) };
      await compare({
        ...settings,
        ours,
        peer: { name: "tar | ssh tar", run: () => tarOverSsh(bench, folder) },
      });
      await compare({ ...settings, ours, peer: { name: "rsync -a", run: () => rsync(bench, folder, true) } });
      await compare({
        title: "the same again, nothing changed",
        rounds: 5,
        ours: { name: "unitrain", run: () => shipOurs(bench, entries, false) },
        peer: { name: "rsync -a", run: () => rsync(bench, folder, false) },
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeSet(folder: string): Promise<readonly ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  const write = async (path: string, content: Buffer) => {
    await writeFile(join(folder, path), content);
    const sha256 = hash("sha256", content);
    entries.push({ path, from: { file: join(folder, path) }, sizeBytes: content.length, sha256 });
  };
  for (const name of ["images", "labels"]) await mkdir(join(folder, name));
  for (let at = 0; at < images; at += 1) {
    await write(`images/${at}.jpg`, randomBytes(imageBytes));
    await write(`labels/${at}.txt`, Buffer.from("0 0.5 0.5 0.2 0.2\n"));
  }
  return entries;
}

async function shipOurs(bench: Bench, entries: readonly ManifestEntry[], first: boolean): Promise<number> {
  if (first) await bench.forget();
  const begin = performance.now();
  const session = await bench.session();
  const target = join(bench.server.home, "work folder", "runs", `run-${begin}`, "data");
  const { sentBytes, reusedBytes } = await session.ship(
    createShipment(entries, target),
    createContext(),
    () => {},
  );
  const seconds = (performance.now() - begin) / 1000;
  await session[Symbol.asyncDispose]();
  if (first ? reusedBytes > 0 : sentBytes > 0)
    throw new Error("The upload did not send or reuse the files as expected.");
  return seconds;
}

function createShipment(entries: readonly ManifestEntry[], target: string): Shipment {
  const digest = createHash("sha256");
  for (const { path, sha256 } of entries) digest.update(`${path} ${sha256}\0`);
  return {
    manifest: {
      async *entries() {
        yield entries;
      },
    },
    digest: digest.digest("hex"),
    files: entries.length,
    bytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    target,
  };
}

async function tarOverSsh(bench: Bench, folder: string): Promise<number> {
  const target = join(bench.server.home, "tar");
  await rm(target, { recursive: true, force: true });
  await mkdir(target);
  const [program = "", ...words] = bench.ssh;
  return measureSeconds(async () => {
    const pack = spawn("tar", ["-C", folder, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
    const unpack = spawn(program, [...words, `tar -C '${target}' -x`], {
      stdio: [pack.stdout, "ignore", "inherit"],
    });
    await waitForExit(unpack, "tar | ssh tar");
  });
}

async function rsync(bench: Bench, folder: string, first: boolean): Promise<number> {
  const target = join(bench.server.home, "rsync");
  if (first) await rm(target, { recursive: true, force: true });
  // The last word is the host, which rsync adds itself.
  const shell = bench.ssh.slice(0, -1).join(" ");
  return measureSeconds(() =>
    waitForExit(
      spawn("rsync", ["-a", "-e", shell, `${folder}/`, `${bench.ssh.at(-1)}:${target}/`], {
        stdio: "inherit",
      }),
      "rsync",
    ),
  );
}

async function measureSeconds(step: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await step();
  return (performance.now() - begin) / 1000;
}

async function waitForExit(child: ReturnType<typeof spawn>, program: string): Promise<void> {
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

function createContext(): CallContext {
  return {
    signal: new AbortController().signal,
    secret: () => {},
    showStatus: () => {},
    wait: (ms) => sleep(ms),
  };
}
