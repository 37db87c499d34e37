import type { JobDescription } from "@unitrain/core/spec";
import type { CheckedOptions } from "./options.ts";
import { isBefore } from "./version.ts";

type Setting = NonNullable<JobDescription["settings"]>[number];

/**
 * Returns Ultralytics' defaults of the most important arguments, which are shown before a run costs money, and
 * recorded.
 */
function getDefaults({
  task,
  version,
  arguments: explicit,
}: CheckedOptions): Readonly<Record<string, unknown>> {
  return {
    ...(explicit.time === undefined ? { epochs: 100 } : {}),
    imgsz: task === "classify" ? 224 : 640,
    batch: 16,
    // The default was 50 before 8.2.
    ...(isBefore(version, "8.2.0") ? {} : { patience: 100 }),
    optimizer: "auto",
    seed: 0,
  };
}

/** Lists explicit settings and defaults for a run's record. */
export function listSettings(
  options: CheckedOptions,
  explicit: Readonly<Record<string, unknown>>,
): Setting[] {
  const isSet = (name: string) => explicit[name] !== undefined;
  const createSetting = (name: string, value: unknown, key = name): Setting => ({
    name,
    value,
    isExplicit: isSet(key),
  });
  const byDefault = Object.entries(getDefaults(options)).filter(
    ([name]) => options.arguments[name] === undefined,
  );
  return [
    createSetting("task", options.task),
    createSetting("model", options.model),
    createSetting("ultralytics", options.version, "version"),
    ...[...Object.entries(options.arguments), ...byDefault].map(([name, value]) =>
      createSetting(name, value),
    ),
    ...(options.pip.length === 0 ? [] : [createSetting("pip", options.pip)]),
    ...(options.code === undefined ? [] : [createSetting("code", options.code)]),
    ...(["trainer", "validator", "callbacks"] as const).flatMap((name) =>
      options[name] === undefined ? [] : [createSetting(name, options[name])],
    ),
    ...(options.track.length === 0 ? [] : [createSetting("track", options.track)]),
  ];
}
