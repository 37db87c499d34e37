import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "@unitrain/core/spec";
import { onTestFinished } from "vitest";
import type { Executor } from "../src/executor/executor.ts";
import { setsid } from "../src/job/setsid.ts";
import { runScript } from "../src/script/run-script.ts";
import type { TestMachine } from "./test-machine.ts";

/** A real disk of a given size below a test machine, invisible to others. */
export interface SmallDisk {
  readonly session: Session;
  readonly workFolder: string;
  readonly executor: Executor;
  /** Runs a script where the disk is visible. */
  sh(script: string): Promise<string>;
}

/** Mounts a tmpfs in its own mount namespace, so that nothing can be left behind. Works as root, or where users can create namespaces. */
export async function mountSmallDisk(machine: TestMachine, options: string): Promise<SmallDisk> {
  const isRoot = process.getuid?.() === 0;
  const disk = join(machine.root, "disk");
  mkdirSync(disk);
  const script = `mount -t tmpfs -o ${options} none '${disk}' && echo mounted && exec sleep 600`;
  const keeper = spawn("unshare", [isRoot ? "-m" : "-Urm", "sh", "-c", script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void keeper.kill());
  let output = "";
  for await (const chunk of keeper.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (output.includes("mounted")) break;
  }
  if (!output.includes("mounted")) {
    const errorOutput = await keeper.stderr.toArray();
    throw new Error(
      `This test mounts a small disk; run it as root or where users can create namespaces: ${errorOutput.join("")}`,
    );
  }
  const enter = [
    "-t",
    String(keeper.pid),
    ...(isRoot ? [] : ["-U", "--preserve-credentials"]),
    "-m",
    "sh",
    "-c",
  ];
  const executor = machine.executor("nsenter", enter);
  const workFolder = join(disk, "work");
  const session = await machine.connect({ executor, workFolder, launchers: [setsid()] });
  return { session, workFolder, executor, sh: async (text) => (await runScript(executor, text)).stdout };
}
