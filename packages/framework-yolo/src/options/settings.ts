import type { JobDescription } from "@unitrain/core/spec";
import type { CheckedOptions } from "./options.ts";
import { isBefore } from "./version.ts";

type Setting = NonNullable<JobDescription["settings"]>[number];

/** What Ultralytics itself takes where nothing was given, of what decides most: shown before it is paid for, and recorded. */
function defaultsOf({
  task,
  version,
  arguments: explicit,
}: CheckedOptions): Readonly<Record<string, unknown>> {
  return {
    ...(explicit.time === undefined ? { epochs: 100 } : {}),
    imgsz: task === "classify" ? 224 : 640,
    batch: 16,
    // It was 50 in versions before 8.2.
    ...(isBefore(version, "8.2.0") ? {} : { patience: 100 }),
    optimizer: "auto",
    seed: 0,
  };
}

/** All that was set, and what was chosen where nothing was: for the record of a run. */
export function settingsOf(options: CheckedOptions, written: Readonly<Record<string, unknown>>): Setting[] {
  const isGiven = (name: string) => written[name] !== undefined;
  const setting = (name: string, value: unknown, key = name): Setting => ({
    name,
    value,
    isExplicit: isGiven(key),
  });
  const byDefault = Object.entries(defaultsOf(options)).filter(
    ([name]) => options.arguments[name] === undefined,
  );
  return [
    setting("task", options.task),
    setting("model", options.model),
    setting("ultralytics", options.version, "version"),
    ...[...Object.entries(options.arguments), ...byDefault].map(([name, value]) => setting(name, value)),
    ...(options.pip.length === 0 ? [] : [setting("pip", options.pip)]),
    ...(options.code === undefined ? [] : [setting("code", options.code)]),
    ...(["trainer", "validator", "callbacks"] as const).flatMap((name) =>
      options[name] === undefined ? [] : [setting(name, options[name])],
    ),
    ...(options.track.length === 0 ? [] : [setting("track", options.track)]),
  ];
}
