import { type FitFinding, formatBytes, type GpuProcess, type MachineFacts } from "@unitrain/core/spec";

/** Warns about each GPU that other programs use: training on it is slower, or runs out of memory. */
export function findBusyGpus(
  facts: MachineFacts,
  used: MachineFacts["gpus"],
  isDeviceNamed: boolean,
): readonly FitFinding[] {
  const isFree = (gpu: MachineFacts["gpus"][number]) => gpu.processes === undefined;
  const free = facts.gpus.flatMap((gpu, index) => (isFree(gpu) ? [index] : []));
  return facts.gpus.flatMap((gpu, index): FitFinding[] => {
    if (!used.includes(gpu) || isFree(gpu)) return [];
    const hint =
      free.length === 0
        ? "Wait until it is free, end that process, or train on another machine."
        : `Train on a free one: device=${free.join(",")}${isDeviceNamed ? "" : ", since all are used when device is left out"}.`;
    const message = `GPU ${index} is in use: ${(gpu.processes ?? []).slice(0, 3).map(formatProcess).join("; ")}${formatRest(gpu)}.`;
    return [{ severity: "warning", message, hint }];
  });
}

function formatProcess({ pid, user, name, memoryBytes }: GpuProcess): string {
  const details = [
    `process ${pid}`,
    ...(user === undefined ? [] : [`user ${user}`]),
    ...(memoryBytes === undefined ? [] : [formatBytes(memoryBytes)]),
  ];
  return `${name} (${details.join(", ")})`;
}

function formatRest({ processes = [] }: MachineFacts["gpus"][number]): string {
  return processes.length > 3 ? `; and ${processes.length - 3} more` : "";
}
