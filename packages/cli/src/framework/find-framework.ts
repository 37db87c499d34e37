import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { importFile } from "../modules/import-file.ts";
import { findConfig } from "../settings/config/find-config.ts";
import { type ChosenFramework, chooseFramework } from "./chosen-framework.ts";
import { findFrameworkNames, mentionsFramework } from "./find-framework-names.ts";

/** The flags that determine the framework. */
export interface FrameworkFlags {
  readonly framework?: string | undefined;
  readonly config?: string | false | undefined;
}

/**
 * Finds the framework of a command line before it is parsed, because the framework declares some of the flags. It is that of
 * `--framework`, or else that of the configuration, or else the default.
 */
export async function findFramework(words: readonly string[], folder: string): Promise<ChosenFramework> {
  const { flag, config } = findFrameworkNames(words, folder);
  return chooseByFlagOrConfig(flag, config, folder);
}

/** Finds the framework in the same way from parsed flags. */
export async function findFrameworkFromFlags(
  { framework, config }: FrameworkFlags,
  folder: string,
): Promise<ChosenFramework> {
  const path = config === false ? undefined : findConfig(config, folder);
  return chooseByFlagOrConfig(framework, mentionsFramework(path) ? path : undefined, folder);
}

async function chooseByFlagOrConfig(
  flag: string | undefined,
  config: string | undefined,
  folder: string,
): Promise<ChosenFramework> {
  if (flag !== undefined || config === undefined) return chooseFramework(flag, folder);
  // A name in a configuration is resolved from its folder.
  return chooseFramework(await readConfiguredFramework(config), dirname(config));
}

/** Returns the name of the framework in a configuration. Returns undefined if there is none, or if the configuration fails, which is reported when it is loaded. */
async function readConfiguredFramework(path: string): Promise<string | undefined> {
  try {
    const config = (await importFile(pathToFileURL(path).href, { isModule: true })).default;
    const frameworkName = (config as { readonly framework?: unknown } | undefined)?.framework;
    return typeof frameworkName === "string" ? frameworkName : undefined;
  } catch {
    return undefined;
  }
}
