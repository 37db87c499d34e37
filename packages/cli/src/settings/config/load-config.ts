import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import { importFile } from "../../modules/import-file.ts";
import { shortenPath } from "../../terminal/render/short-path.ts";
import type { UnitrainConfig } from "./config.ts";
import { createConfigError } from "./config-error.ts";
import { findConfig } from "./find-config.ts";

/** A configuration and its location. */
export interface LoadedConfig {
  readonly config: UnitrainConfig;
  /** Relative to the working folder, for messages. */
  readonly file: string;
  /** The absolute path of its folder. Paths in the configuration are relative to it. */
  readonly folder: string;
}

/**
 * Loads the configuration that `--config` names, or else the one in the working folder. Returns undefined if there is none, or if
 * `--no-config` is set. It may contain settings of the framework.
 *
 * @throws UnitrainError `INVALID_OPTIONS` with file and line if it does not parse, throws, or contains an invalid value.
 */
export async function loadConfig(
  wanted: string | false | undefined,
  folder: string,
  ofFramework: readonly SettingDeclaration[] = [],
): Promise<LoadedConfig | undefined> {
  const path = wanted === false ? undefined : findConfig(wanted, folder);
  if (path === undefined) return undefined;
  if (!existsSync(path)) {
    throw new UnitrainError("INVALID_OPTIONS", `The configuration file ${wanted} does not exist.`, {
      hint: "Correct the path, or create a configuration: unitrain init",
    });
  }
  const file = shortenPath(path, folder);
  let exported: { readonly default?: unknown };
  try {
    exported = await importFile(pathToFileURL(path).href, { isModule: true });
  } catch (error) {
    throw await createConfigError(error, path, file);
  }
  // Loads zod, which is needed only if there is a configuration.
  const { checkConfig } = await import("#check-config");
  return {
    config: checkConfig(exported.default, file, { frameworkSettings: ofFramework }),
    file,
    folder: dirname(path),
  };
}
