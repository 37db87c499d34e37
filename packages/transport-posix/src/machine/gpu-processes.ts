import type { GpuProcess } from "@unitrain/core/spec";

/** Output of `nvidia-smi` and `ps`, one entry per line. */
export interface GpuProcessTables {
  /** The id of each GPU, in the order of the GPUs. */
  readonly gpuIds: string;
  /** GPU id, process id, MiB or `[N/A]`, executable. */
  readonly processes: string;
  /** Process id and user; without a user when the process is not visible. */
  readonly users: string;
}

/** Returns the programs that compute on each GPU, in the order of the GPUs. */
export function parseGpuProcesses(tables: GpuProcessTables): readonly (readonly GpuProcess[])[] {
  const users = new Map(
    tables.users.split("\n").map((line) => {
      const [pid = "", user = ""] = line.trim().split(/\s+/);
      return [pid, user] as const;
    }),
  );
  const rows = tables.processes.split("\n").map((line) => line.split(",").map((cell) => cell.trim()));
  return tables.gpuIds
    .split("\n")
    .map((id) => id.trim())
    .filter((id) => id !== "")
    .map((id) => rows.filter(([gpu, pid = ""]) => gpu === id && /^\d+$/.test(pid)).map(toGpuProcess));

  function toGpuProcess([, pid = "", megabytes = "", ...path]: readonly string[]): GpuProcess {
    const user = users.get(pid) ?? "";
    const name = path.join(",").split("/").at(-1) ?? "";
    return {
      pid: Number(pid),
      name: name === "" ? "a process" : name,
      ...(user === "" ? {} : { user }),
      ...(/^\d+$/.test(megabytes) ? { memoryBytes: Number(megabytes) * 1024 * 1024 } : {}),
    };
  }
}
