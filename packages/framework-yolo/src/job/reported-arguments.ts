import type { JobInput } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { ArgumentValue } from "../options/scalar.ts";
import { getNamedWeights } from "../options/weights.ts";

/**
 * Returns the values that models and `args.yaml` report for arguments with paths or devices: the user's own, as if the
 * training had run on the user's computer, instead of the machine's. With them `yolo val` finds the dataset and
 * `resume=True` continues there. Values that shaped the training, such as the batch size, stay as they were.
 */
export function getReportedArguments(
  options: CheckedOptions,
  local: JobInput["local"],
): Readonly<Record<string, ArgumentValue | null>> {
  const { project = null, name, device = null, workers = ultralyticsWorkers } = options.arguments;
  return {
    ...getNamedWeights(options),
    project,
    exist_ok: false,
    device,
    workers,
    ...(name === undefined ? {} : { name }),
    ...(local === undefined ? {} : { name: name ?? getLastPart(local.out), save_dir: local.out }),
    ...(local?.dataset === undefined ? {} : { data: local.dataset.path }),
  };
}

/** Ultralytics' default. */
const ultralyticsWorkers = 8;

const getLastPart = (path: string): string => path.replace(/^.*[/\\]/, "");
