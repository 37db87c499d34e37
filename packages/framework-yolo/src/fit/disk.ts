import { type FitFinding, type FitInput, formatBytes, type MachineFacts } from "@unitrain/core/spec";
import { getEnvironmentRoom } from "../environment/room.ts";
import type { CheckedOptions } from "../options/options.ts";

/** `cache=disk` stores decoded images, about ten times as large as JPEG. */
const unpackedFactor = 10;

interface Mount {
  readonly path: string;
  readonly freeBytes: number;
  data: number;
  environment: number;
  cache: number;
}

/**
 * Checks the free space of each file system for the data twice (the stored copy and the run's view), the environment,
 * and `cache=disk`. Whether the environment is already installed is unknown at this point; its installation checks
 * again.
 */
export function findDiskShortage(options: CheckedOptions, { facts, data }: FitInput): readonly FitFinding[] {
  const mounts = new Map<string, Mount>();
  const cached = options.arguments.cache === "disk" ? unpackedFactor * data.bytes : 0;
  addNeed(mounts, facts, facts.workFolder, { data: 2 * data.bytes, environment: 0, cache: cached });
  addNeed(mounts, facts, facts.environmentsFolder, {
    data: 0,
    environment: getEnvironmentRoom(facts).neededBytes,
    cache: 0,
  });
  return [...mounts.values()].flatMap((mount) => findShortage(mount));
}

function addNeed(
  mounts: Map<string, Mount>,
  facts: MachineFacts,
  folder: string,
  need: Pick<Mount, "data" | "environment" | "cache">,
): void {
  const found = findMount(facts, folder);
  if (found === undefined) return;
  const mount = mounts.get(found.path) ?? { ...found, data: 0, environment: 0, cache: 0 };
  mount.data += need.data;
  mount.environment += need.environment;
  mount.cache += need.cache;
  mounts.set(found.path, mount);
}

/** Returns the file system of a folder, which need not exist yet. */
export function findMount(facts: MachineFacts, folder: string): MachineFacts["mounts"][number] | undefined {
  return facts.mounts
    .filter(({ path }) => path === "/" || folder === path || folder.startsWith(`${path.replace(/\/$/, "")}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

function findShortage({ path, freeBytes, data, environment, cache }: Mount): readonly FitFinding[] {
  const free = `${path} has ${formatBytes(freeBytes)} free`;
  if (freeBytes < data) {
    const message = `${free}, but the data needs ${formatBytes(data)} there (twice its size).`;
    return [
      { severity: "error", message, hint: "Free disk space there, or use a machine with a larger disk." },
    ];
  }
  if (freeBytes < data + environment) {
    const message = `${free}; the data and an environment that has to be installed need up to ${formatBytes(data + environment)} there.`;
    const hint = "Free disk space there. If the environment is already installed, ignore this warning.";
    return [{ severity: "warning", message, hint }];
  }
  if (freeBytes < data + environment + cache) {
    const message = `${free}, too little for cache=disk (about ${formatBytes(cache)}): Ultralytics will go on without it.`;
    return [{ severity: "warning", message, hint: "Leave cache out, or use a machine with a larger disk." }];
  }
  return [];
}
