import { dirname, resolve } from "node:path";
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
  const names = findFrameworkNames(words, folder);
  return chooseFramework(names.flag ?? (await readConfiguredFramework(names.config)), folder);
}

/** Finds the framework in the same way from parsed flags. */
export async function findFrameworkFromFlags(
  { framework, config }: FrameworkFlags,
  folder: string,
): Promise<ChosenFramework> {
  const path = config === false ? undefined : findConfig(config, folder);
  const word = framework ?? (await readConfiguredFramework(mentionsFramework(path) ? path : undefined));
  return chooseFramework(word, folder);
}

/** Returns the name of the framework in a configuration. A path is relative to the configuration. Returns undefined if there is none, or if the configuration fails, which is reported when it is loaded. */
async function readConfiguredFramework(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    const config = (await importFile(pathToFileURL(path).href, { isModule: true })).default;
    const frameworkName = (config as { readonly framework?: unknown } | undefined)?.framework;
    if (typeof frameworkName !== "string") return undefined;
    return /^\.{1,2}[\\/]/.test(frameworkName) ? resolve(dirname(path), frameworkName) : frameworkName;
  } catch {
    return undefined;
  }
}
