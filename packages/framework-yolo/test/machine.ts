import type { JobInput, MachineFacts } from "@unitrain/core/spec";

const gpu = { name: "NVIDIA H100 80GB HBM3", memoryBytes: 80e9, computeCapability: "9.0" };

/** Returns the facts of a machine with that many GPUs. */
export function createFacts(gpus: number, more: Partial<MachineFacts> = {}): MachineFacts {
  return {
    os: "Linux",
    architecture: "x86_64",
    hostname: "machine",
    home: "/home/user",
    workFolder: "/home/user/.unitrain/1",
    environmentsFolder: "/home/user/.cache/unitrain/1/environments",
    cpus: 8,
    ramBytes: 64e9,
    sharedMemoryBytes: 32e9,
    mounts: [{ path: "/", freeBytes: 500e9 }],
    gpus: Array.from({ length: gpus }, () => gpu),
    ...(gpus === 0 ? {} : { gpuDriver: "590.44.01" }),
    tools: ["python3"],
    root: false,
    ...more,
  };
}

/** Returns the job input of a run's first attempt on that machine. */
export function createJobInput(facts: MachineFacts, more: Partial<JobInput> = {}): JobInput {
  const run = `${facts.workFolder}/runs/r1`;
  return {
    jobId: "r1-1",
    attempt: 1,
    dataset: `${run}/data`,
    output: `${run}/attempt-1/out`,
    scratch: `${run}/attempt-1/scratch`,
    facts,
    environment: { folder: `${facts.environmentsFolder}/key`, found: "installed", output: "" },
    ...more,
  };
}
