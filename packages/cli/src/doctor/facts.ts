import type { EnvironmentRoom, GpuProcess, MachineFacts } from "@unitrain/core/spec";
import { formatBytes, formatCount } from "@unitrain/view";
import { type CheckResult, gigabyte } from "./check-result.ts";

/** What a machine has, and what of it would get in the way of a training whose environment takes that room. */
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
      "It trains on the CPU: fine for a try, slow for more. With a GPU in it, nvidia-smi must work there.";
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
          hint: "nvidia-smi tells it.",
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
    hint: "A training beside it is slower, or runs out of memory.",
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
  const hint = `An environment that has to be installed needs up to ${formatBytes(room.neededBytes)} there: make room, unless it is installed already.`;
  return { state: "warn", name, found, hint };
}

/** Of the file system that the folder lies on: the mount with the longest path that leads to it. */
function freeBelow(folder: string, mounts: MachineFacts["mounts"]): number | undefined {
  const above = mounts.filter(({ path }) => path === "/" || folder === path || folder.startsWith(`${path}/`));
  return above.sort((a, b) => b.path.length - a.path.length)[0]?.freeBytes;
}

function sharedMemory({ os, sharedMemoryBytes }: MachineFacts): CheckResult[] {
  if (os !== "Linux") return [];
  const name = "/dev/shm";
  const found = formatBytes(sharedMemoryBytes);
  if (sharedMemoryBytes >= gigabyte) return [{ state: "ok", name, found }];
  const hint = "Loading with several workers needs more: docker run --shm-size=8g, or train with workers=0.";
  return [{ state: "warn", name, found, hint }];
}

function tools({ tools: present }: MachineFacts): CheckResult[] {
  const python = present.includes("uv") || present.includes("python3");
  return [
    present.includes("tmux")
      ? { state: "ok", name: "tmux", found: "holds trainings" }
      : { state: "note", name: "tmux", found: "not there; trainings are held without it" },
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
          hint: "Install python3 with its venv there.",
        },
  ];
}
