import { UnitrainError } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { Findings } from "./findings.ts";
import type { Tally } from "./tally.ts";

/**
 * Checks `classes=`, the classes to train on. Ultralytics accepts an id without objects and trains on empty labels.
 * Throws `INVALID_OPTIONS` for an id that is out of range.
 */
export function checkRequestedClasses(
  options: CheckedOptions,
  names: readonly string[],
  train: Tally | undefined,
  file: string,
  findings: Findings,
): void {
  const { classes } = options.arguments;
  if (classes === undefined || classes === null) return;
  const requested = Array.isArray(classes) ? classes : [classes];
  const range = names.length === 1 ? "only the class 0" : `the classes 0 to ${names.length - 1}`;
  for (const id of requested) {
    if (Number.isInteger(id) && Number(id) >= 0 && Number(id) < names.length) continue;
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `classes is ${JSON.stringify(classes)}, but data.yaml has ${range}: there is no class ${String(id)}.`,
      { hint: "Give the ids of the classes to train on, such as classes=[0,1], or leave it out." },
    );
  }
  if (options.arguments.single_cls === true || train === undefined) return;
  const empty = requested.filter((id) => (train.kept.get(Number(id)) ?? 0) === 0);
  if (empty.length === 0) return;
  const classList = empty.map((id) => `${String(id)} (${names[Number(id)] ?? ""})`).join(", ");
  const message = `classes asks for ${classList}, of which train has no objects`;
  if (empty.length === requested.length)
    findings.error("classes to train on", file, `${message}: there would be nothing to learn.`);
  else findings.warning("classes to train on", file, `${message}.`);
}
