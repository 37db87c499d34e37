import { type FitFinding, formatBytes, type MachineFacts } from "@unitrain/core/spec";
import { measureWorkers, type WorkerCapacity } from "../job/workers.ts";
import type { CheckedOptions } from "../options/options.ts";

/**
 * Warns when `/dev/shm` is too small. Data loaders pass batches through it, and crash with a "Bus error" when it is
 * full (pytorch#5040).
 */
export function findSharedMemoryShortage(
  options: CheckedOptions,
  facts: MachineFacts,
  gpus: number,
): readonly FitFinding[] {
  const found = measureWorkers(options, facts, gpus);
  if (found === undefined || found.fit >= found.wanted) return [];
  const need = `/dev/shm has ${formatBytes(facts.sharedMemoryBytes)}; ${found.wanted} workers${formatScope(gpus)} need about ${formatBytes(found.neededBytes)}`;
  return [{ severity: "warning", ...describeConsequence(found, need) }];
}

const describeConsequence = (
  { isNamed, fit }: WorkerCapacity,
  need: string,
): Pick<FitFinding, "message" | "hint"> =>
  isNamed
    ? {
        message: `${need}: the training may end in a "Bus error".`,
        hint: `Use workers=${fit}, or increase it (a container: \`--shm-size\`).`,
      }
    : {
        message: `${need}, so ${fit} are used.`,
        hint: "That may be slower. Increase it (a container: `--shm-size`), or set `workers` yourself.",
      };

const formatScope = (gpus: number): string => (gpus > 1 ? " for each GPU" : "");
