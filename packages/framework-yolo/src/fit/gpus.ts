import type { FitFinding, MachineFacts } from "@unitrain/core/spec";
import { findDriverFault } from "../environment/torch-build.ts";
import { findBatchFault } from "../options/conflicts.ts";
import type { CheckedOptions } from "../options/options.ts";

/** Reports a driver that is too old, and a `batch=` that does not divide among the GPUs. */
export function findGpuFaults(
  options: CheckedOptions,
  facts: MachineFacts,
  gpus: MachineFacts["gpus"],
): readonly FitFinding[] {
  if (gpus.length === 0) return [];
  const findings: FitFinding[] = [];
  const driver = findDriverFault(facts);
  if (driver !== undefined) {
    const hint =
      "Use an image with a newer driver (580 or newer is best), or train without the GPU: device=cpu.";
    findings.push({ severity: "error", message: driver, hint });
  }
  const batch = findBatchFault(options.arguments.batch, gpus.length);
  if (batch !== undefined) findings.push({ severity: "error", ...batch });
  return findings;
}
