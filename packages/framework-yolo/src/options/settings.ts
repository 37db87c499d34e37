import type { JobDescription } from "@unitrain/core/spec";
import type { CheckedOptions } from "./options.ts";

type Setting = NonNullable<JobDescription["settings"]>[number];

/** What Ultralytics itself takes in every version that is known, and what decides whether a training can be repeated. */
const seedByDefault = 0;

/** All that was set, and what was chosen where nothing was: for the record of a run. */
export function settingsOf(options: CheckedOptions, given: Readonly<Record<string, unknown>>): Setting[] {
  const isGiven = (name: string) => given[name] !== undefined;
  const setting = (name: string, value: unknown, key = name): Setting => ({
    name,
    value,
    given: isGiven(key),
  });
  const { seed = seedByDefault, ...others } = options.arguments;
  return [
    setting("task", options.task),
    setting("model", options.model),
    setting("ultralytics", options.version, "version"),
    ...Object.entries(others).map(([name, value]) => setting(name, value)),
    setting("seed", seed),
    ...(options.pip.length === 0 ? [] : [setting("pip", options.pip)]),
    ...(options.code === undefined ? [] : [setting("code", options.code)]),
    ...(["trainer", "validator", "callbacks"] as const).flatMap((name) =>
      options[name] === undefined ? [] : [setting(name, options[name])],
    ),
    ...(options.track.length === 0 ? [] : [setting("track", options.track)]),
  ];
}
