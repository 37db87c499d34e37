import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { ConfiguredOptions, RecordedOptions, UserOptions } from "@unitrain/core/spec";

/** Options of `yolo()` out of what was typed and configured. */
export async function readOptions(userOptions: UserOptions): Promise<Readonly<Record<string, unknown>>> {
  // The parser comes with the framework, which is wanted next.
  const { parseOptions } = await import("../index.ts");
  const { ultralytics, ...settings } = userOptions.settings;
  return {
    ...withAbsoluteWeights(userOptions.configured, userOptions.configFolder),
    ...(ultralytics === undefined ? {} : { version: ultralytics }),
    ...settings,
    ...parseOptions(userOptions.words),
  };
}

/** Weights that lie beside the configuration file are named so that they are found from anywhere. */
function withAbsoluteWeights(
  configured: Readonly<Record<string, unknown>>,
  folder: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(configured).map(([name, value]) => {
      if (typeof value !== "string" || !mayNameAFile.has(name)) return [name, value];
      const path = value.startsWith("~/") ? join(homedir(), value.slice(2)) : resolve(folder, value);
      return [name, existsSync(path) ? path : value];
    }),
  );
}

const mayNameAFile = new Set(["model", "pretrained", "distill_model"]);

/** The options of a run that is repeated, as a configuration holds them. */
export function recordedOptions({
  options,
  workingFolder,
  versions,
  settings,
}: RecordedOptions): ConfiguredOptions {
  // It was allowed to overwrite then; to repeat it must not lose what it made.
  const {
    version,
    pip,
    code,
    codeInclude,
    callbacks,
    track,
    strict,
    skipBad,
    exist_ok: _,
    ...train
  } = options;
  const packages = Array.isArray(pip) ? pip : [];
  const path = (value: unknown) => (typeof value === "string" ? resolve(workingFolder, value) : undefined);
  const own = {
    ultralytics: version ?? trainedVersion(packages, versions, settings),
    pip,
    code: path(code),
    codeInclude,
    callbacks: path(callbacks),
    track,
    strict,
    skipBad,
  };
  return {
    train,
    settings: Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  };
}

/** The version that really trained: a default, or `latest`, may be another one today. A fork brings its own. */
function trainedVersion(
  pip: readonly unknown[],
  versions: RecordedOptions["versions"],
  settings: RecordedOptions["settings"],
): string | undefined {
  if (pip.some((requirement) => /ultralytics/i.test(String(requirement)))) return undefined;
  const planned = settings.ultralytics;
  return versions.ultralytics ?? (typeof planned === "string" ? planned : undefined);
}
