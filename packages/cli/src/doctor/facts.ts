import type { EnvironmentRoom, GpuProcess, MachineFacts } from "@unitrain/core/spec";
import { formatBytes, formatCount } from "@unitrain/view";
import { type CheckResult, gigabyte } from "./check-result.ts";

/** Checks the hardware and software of a machine. `room` is the space that the environment of the training needs. */
export function checkFacts(facts: MachineFacts, room: EnvironmentRoom | undefined): CheckResult[] {
  const { os, architecture, hostname, cpus, ramBytes } = facts;
  return [
    {
      state: "ok",
      name: "machine",
      found: `${hostname}: ${os} ${architecture}, ${formatCount(cpus, "CPU")}, ${formatBytes(ramBytes)} RAM`,
    },
    ...graphics(facts),
    disk("disk of runs", facts.workFolder, undefined, facts),
    disk("disk of packages", facts.environmentsFolder, room, facts),
    ...sharedMemory(facts),
    ...tools(facts),
  ];
}

function graphics({ gpus, gpuDriver }: MachineFacts): CheckResult[] {
  if (gpus.length === 0) {
    const hint =
      "Training uses the CPU, which is slow for more than a try. If the machine has a GPU, make sure that nvidia-smi works there.";
    return [{ state: "warn", name: "GPU", found: "none was found", hint }];
  }
  const [first] = gpus;
  const names = gpus.map(({ name, memoryBytes }) => `${name} ${formatBytes(memoryBytes)}`);
  const capability = first === undefined ? "" : `, compute capability ${first.computeCapability}`;
  return [
    {
      state: "ok",
      name: "GPU",
      found: `${[...new Set(names)].join(", ")}${gpus.length > 1 ? ` (${gpus.length})` : ""}${capability}`,
    },
    gpuDriver === undefined
      ? {
          state: "warn",
          name: "driver",
          found: "its version could not be read",
          hint: "Run nvidia-smi there to see the version.",
        }
      : { state: "ok", name: "driver", found: gpuDriver },
    ...gpus.flatMap(({ processes = [] }, index) =>
      processes.slice(0, 5).map((process) => busy(index, process)),
    ),
  ];
}

function busy(gpu: number, { pid, user, name, memoryBytes }: GpuProcess): CheckResult {
  const details = [`process ${pid}`, ...(user === undefined ? [] : [`user ${user}`])];
  const memory = memoryBytes === undefined ? "" : `, ${formatBytes(memoryBytes)}`;
  return {
    state: "warn",
    name: `GPU ${gpu}`,
    found: `in use by ${name} (${details.join(", ")}${memory})`,
    hint: "A training at the same time is slower or may run out of memory.",
  };
}

function disk(
  name: string,
  folder: string,
  room: EnvironmentRoom | undefined,
  { mounts }: MachineFacts,
): CheckResult {
  const free = freeBelow(folder, mounts);
  if (free === undefined) return { state: "note", name, found: `${folder}: its size could not be read` };
  const found = `${formatBytes(free)} free for ${folder}`;
  if (room === undefined || free >= room.neededBytes) return { state: "ok", name, found };
  const hint = `Free some space, unless the environment is already installed: installing it needs up to ${formatBytes(room.neededBytes)} there.`;
  return { state: "warn", name, found, hint };
}

/** Returns the free space of the file system that contains a folder: the mount with the longest path above it. */
function freeBelow(folder: string, mounts: MachineFacts["mounts"]): number | undefined {
  const above = mounts.filter(({ path }) => path === "/" || folder === path || folder.startsWith(`${path}/`));
  return above.sort((a, b) => b.path.length - a.path.length)[0]?.freeBytes;
}

function sharedMemory({ os, sharedMemoryBytes }: MachineFacts): CheckResult[] {
  if (os !== "Linux") return [];
  const name = "/dev/shm";
  const found = formatBytes(sharedMemoryBytes);
  if (sharedMemoryBytes >= gigabyte) return [{ state: "ok", name, found }];
  const hint =
    "Several data loading workers need more: start the container with --shm-size=8g, or train with workers=0.";
  return [{ state: "warn", name, found, hint }];
}

function tools({ tools: present }: MachineFacts): CheckResult[] {
  const python = present.includes("uv") || present.includes("python3");
  return [
    present.includes("tmux")
      ? { state: "ok", name: "tmux", found: "keeps trainings running" }
      : { state: "note", name: "tmux", found: "not installed; trainings run without it" },
    python
      ? {
          state: "ok",
          name: "Python",
          found: present.filter((name) => /^(uv|python3)$/.test(name)).join(", "),
        }
      : {
          state: "warn",
          name: "Python",
          found: "neither python3 nor uv",
          hint: "Install python3 with its venv module there.",
        },
  ];
}
