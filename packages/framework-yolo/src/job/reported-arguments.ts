import type { JobInput } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { ArgumentValue } from "../options/scalar.ts";
import { getNamedWeights } from "../options/weights.ts";

/**
 * What models and `args.yaml` say of the arguments that name places, or this machine's parts, instead of what the training is
 * given: the user's own values, as if it had run on the user's computer. With them `yolo val` finds the dataset and
 * `resume=True` goes on there. What shaped the training, such as the batch, stays as it was.
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

/** What Ultralytics takes when nothing is said. */
const ultralyticsWorkers = 8;

const getLastPart = (path: string): string => path.replace(/^.*[/\\]/, "");
