import type { MachineFacts } from "@unitrain/core/spec";
import type { Shell } from "../job/launcher.ts";
import { commandFailedError } from "../script/failures.ts";
import type { ConnectedMachine } from "./connected-machine.ts";
import { buildFactsScript } from "./facts-script.ts";
import { parseGpuProcesses } from "./gpu-processes.ts";

/** Reads the facts of a machine: system, CPUs, memory, disks, GPUs and programs. */
export async function getMachineFacts(
  { home, workFolder }: ConnectedMachine,
  shell: Shell,
): Promise<MachineFacts> {
  const { exitCode, stdout, stderr } = await shell.run(buildFactsScript(workFolder));
  const values = parseAnswers(stdout);
  if (exitCode !== 0 || !values.has("tools")) throw commandFailedError("report its facts", exitCode, stderr);
  const readValue = (name: string) => values.get(name) ?? "";
  const { gpus, gpuDriver } = parseGpus(readValue("gpus"));
  const processesByGpu = parseGpuProcesses({
    gpuIds: readValue("gpuIds"),
    processes: readValue("gpuProcesses"),
    users: readValue("gpuUsers"),
  });
  return {
    os: readValue("os"),
    architecture: readValue("architecture"),
    hostname: readValue("hostname"),
    home,
    workFolder,
    environmentsFolder: readValue("environments"),
    cpus: Math.max(1, Number.parseInt(readValue("cpus"), 10) || 1),
    ramBytes: readRamBytes(readValue),
    sharedMemoryBytes:
      parseMounts(readValue("sharedMemory")).find(({ path }) => path === "/dev/shm")?.sizeBytes ?? 0,
    mounts: parseMounts(readValue("mounts")).map(({ path, freeBytes }) => ({ path, freeBytes })),
    gpus: gpus.map((gpu, index) => {
      const gpuProcesses = processesByGpu[index] ?? [];
      return gpuProcesses.length === 0 ? gpu : { ...gpu, processes: gpuProcesses };
    }),
    ...(gpuDriver === undefined ? {} : { gpuDriver }),
    tools: readValue("tools").split(" ").filter(Boolean),
    root: readValue("root") === "0",
  };
}

function parseAnswers(stdout: string): Map<string, string> {
  const answers = stdout.split("\0").slice(0, -1);
  return new Map(
    answers.map((answer) => [answer.slice(0, answer.indexOf("=")), answer.slice(answer.indexOf("=") + 1)]),
  );
}

function readRamBytes(readValue: (name: string) => string): number {
  const bytes = Number(readValue("ramBytes")) || Number(readValue("ramKilobytes")) * 1024;
  const limit = Number(readValue("ramLimitBytes"));
  return limit > 0 ? Math.min(bytes, limit) : bytes;
}

interface Mount {
  readonly path: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

/** Parses the output of `df -Pk`: each mount once, in its order. */
export function parseMounts(table: string): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of table.split("\n")) {
    const [, size, free, path] = /\s(\d+)\s+-?\d+\s+(-?\d+)\s+\S+\s+(\/.*)$/.exec(line) ?? [];
    if (path === undefined || mounts.has(path)) continue;
    mounts.set(path, { path, sizeBytes: Number(size) * 1024, freeBytes: Math.max(0, Number(free) * 1024) });
  }
  return [...mounts.values()];
}

/** Parses the output of `nvidia-smi`: name, MiB, driver and compute capability, which old versions do not print. */
export function parseGpus(
  table: string,
): Pick<MachineFacts, "gpus"> & { readonly gpuDriver: string | undefined } {
  const rows = table
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.trim()))
    .filter(([, memory]) => memory !== undefined && /^\d+$/.test(memory));
  const gpus = rows.map(([name = "", memory = "0", , computeCapability = ""]) => ({
    name,
    memoryBytes: Number(memory) * 1024 * 1024,
    computeCapability,
  }));
  return { gpus, gpuDriver: rows[0]?.[2] };
}
