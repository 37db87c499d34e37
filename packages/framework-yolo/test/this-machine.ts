import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { Command, CommandResult, MachineFacts } from "@unitrain/core/spec";
import { createFacts } from "./machine.ts";

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");

/** The folder of unitrain's environments on this computer, which every test shares. */
const environmentsFolder = join(cache, "unitrain/1/environments");

/** The cache of several gigabytes from which uv links files into each environment on the same file system. */
const uvCache = process.env.UV_CACHE_DIR ?? join(cache, "uv");

/** The facts of this computer as a machine without a GPU. */
export function describeThisMachine(more: Partial<MachineFacts> = {}): MachineFacts {
  const cpus = availableParallelism();
  return createFacts(0, {
    environmentsFolder,
    cpus,
    os: process.platform === "darwin" ? "Darwin" : "Linux",
    ...more,
  });
}

/** Creates an empty folder for environments, on the same file system as uv's cache. */
export function createEnvironmentsFolder(): string {
  mkdirSync(join(cache, "unitrain/1"), { recursive: true });
  return mkdtempSync(join(cache, "unitrain/1/test-"));
}

/** Creates a folder for PATH with only these programs. */
export function createPath(folder: string, ...programs: readonly string[]): string {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const program of programs) {
    const found = (process.env.PATH ?? "")
      .split(delimiter)
      .map((place) => join(place, program))
      .find(existsSync);
    if (found === undefined) throw new Error(`${program} is not on PATH.`);
    symlinkSync(found, join(bin, program));
  }
  return bin;
}

/** Sends requests of pip and uv to a closed port, without retries. */
export const noNetwork: Readonly<Record<string, string>> = {
  UV_HTTP_RETRIES: "0",
  ...Object.fromEntries(
    ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].flatMap((name) =>
      [name, name.toLowerCase()].map((spelling) => [spelling, "http://127.0.0.1:9"]),
    ),
  ),
};

const running = new Set<number>();

/** Runs a command to its end, with its own home folder. `endAll` ends commands that are still running. */
export function run(
  command: Command,
  home: string,
  env: Readonly<Record<string, string>> = {},
  cwd = home,
  started?: (pid: number) => void,
): Promise<CommandResult> {
  const [program = "", ...programArguments] = command.argv;
  const ours = { UV_CACHE_DIR: uvCache, HOME: home, XDG_CONFIG_HOME: "", XDG_CACHE_HOME: "" };
  const child = spawn(program, programArguments, {
    cwd,
    env: { ...process.env, ...ours, ...env, ...command.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    started?.(pid);
  }
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (pid !== undefined) running.delete(pid);
      resolve({ exitCode: code ?? 128, ...texts });
    });
  });
}

/** Ends commands that `run` started and a failed test did not wait for, with all their children. */
export function killAll(): void {
  for (const pid of running) process.kill(-pid, "SIGKILL");
}
