import { type FitFinding, formatBytes, type MachineFacts } from "@unitrain/core/spec";
import { measureWorkers, type WorkerCapacity } from "../job/workers.ts";
import type { CheckedOptions } from "../options/options.ts";

/** Data loaders hand their batches over in `/dev/shm`: when it is full they die of a "Bus error" (pytorch#5040). */
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
        hint: `Say workers=${fit}, or give the machine more of it (a container: \`--shm-size\`).`,
      }
    : {
        message: `${need}, so ${fit} are used.`,
        hint: "That may be slower; give the machine more of it (a container: `--shm-size`), or name `workers` yourself.",
      };

const formatScope = (gpus: number): string => (gpus > 1 ? " for each GPU" : "");
