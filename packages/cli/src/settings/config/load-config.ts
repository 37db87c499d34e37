import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UnitrainError } from "@unitrain/core/spec";
import { shortPath } from "../../terminal/render/short-path.ts";
import type { UnitrainConfig } from "./config.ts";
import { configFault } from "./config-fault.ts";
import { importConfig } from "./import-config.ts";

/** A configuration, and where it stands. */
export interface LoadedConfig {
  readonly config: UnitrainConfig;
  /** As a person would name it from the working folder. */
  readonly file: string;
  /** What its paths are seen from, absolute. */
  readonly folder: string;
}

/** In this order; one of them is enough. */
export const configNames = [
  "unitrain.config.ts",
  "unitrain.config.mts",
  "unitrain.config.js",
  "unitrain.config.mjs",
];

/**
 * The configuration of the working folder, or the one that `--config` names; undefined when there is none, or none is wanted.
 * Throws `INVALID_OPTIONS` with file and line when it does not parse, throws or holds what it should not.
 */
export async function loadConfig(
  wanted: string | false | undefined,
  folder: string,
): Promise<LoadedConfig | undefined> {
  const path = wanted === false ? undefined : findConfig(wanted, folder);
  if (path === undefined) return undefined;
  if (!existsSync(path)) {
    throw new UnitrainError("INVALID_OPTIONS", `The configuration file ${wanted} is not there.`, {
      hint: "unitrain init writes one.",
    });
  }
  const file = shortPath(path, folder);
  let exported: { readonly default?: unknown };
  try {
    exported = await importConfig(pathToFileURL(path).href);
  } catch (error) {
    throw await configFault(error, path, file);
  }
  // Loads zod, which only a configuration needs.
  const { checkConfig } = await import("#check-config");
  return { config: checkConfig(exported.default, file), file, folder: dirname(path) };
}

/** The configuration file that is wanted, also where it does not exist; without one that of the folder, if there is any. */
export function findConfig(wanted: string | undefined, folder: string): string | undefined {
  if (wanted !== undefined) return resolve(folder, wanted);
  return configNames.map((name) => join(folder, name)).find(existsSync);
}
