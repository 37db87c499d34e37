import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import { importFile } from "../../modules/import-file.ts";
import { shortenPath } from "../../terminal/render/short-path.ts";
import type { UnitrainConfig } from "./config.ts";
import { createConfigError } from "./config-error.ts";
import { findConfig } from "./find-config.ts";

/** A configuration, and where it stands. */
export interface LoadedConfig {
  readonly config: UnitrainConfig;
  /** As a person would name it from the working folder. */
  readonly file: string;
  /** What its paths are seen from, absolute. */
  readonly folder: string;
}

/**
 * The configuration of the working folder, or the one that `--config` names; undefined when there is none, or none is wanted.
 * It may hold the settings of a framework beside our own.
 * Throws `INVALID_OPTIONS` with file and line when it does not parse, throws or holds what it should not.
 */
export async function loadConfig(
  wanted: string | false | undefined,
  folder: string,
  ofFramework: readonly SettingDeclaration[] = [],
): Promise<LoadedConfig | undefined> {
  const path = wanted === false ? undefined : findConfig(wanted, folder);
  if (path === undefined) return undefined;
  if (!existsSync(path)) {
    throw new UnitrainError("INVALID_OPTIONS", `The configuration file ${wanted} is not there.`, {
      hint: "unitrain init writes one.",
    });
  }
  const file = shortenPath(path, folder);
  let exported: { readonly default?: unknown };
  try {
    exported = await importFile(pathToFileURL(path).href, { isModule: true });
  } catch (error) {
    throw await createConfigError(error, path, file);
  }
  // Loads zod, which only a configuration needs.
  const { checkConfig } = await import("#check-config");
  return {
    config: checkConfig(exported.default, file, { frameworkSettings: ofFramework }),
    file,
    folder: dirname(path),
  };
}
