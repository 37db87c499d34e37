import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compare } from "./harness.ts";

/** Compares the built `unitrain --help` to an empty Node program, which is the minimum waiting time. */
export async function help(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-benchmark-"));
  const empty = join(folder, "empty.mjs");
  await writeFile(empty, "");
  const built = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));
  try {
    await compare({
      title: "--help, built (npm run build), against an empty file",
      unit: "ms",
      rounds: 25,
      ours: { name: "unitrain --help", run: () => runNode([built, "--help"]) },
      peer: { name: "empty file", run: () => runNode([empty]) },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runNode(words: readonly string[]): Promise<undefined> {
  const child = spawn(process.execPath, [...words], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`node ${words.join(" ")} ended with ${code}; is everything built?`);
}
