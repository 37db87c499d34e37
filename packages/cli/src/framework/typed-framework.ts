import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { importConfig } from "../settings/config/import-config.ts";
import { findConfig } from "../settings/config/load-config.ts";
import { type ChosenFramework, chooseFramework } from "./chosen-framework.ts";

/**
 * Finds the framework of a command line before it is parsed, because the framework says which flags there are: that of
 * `--framework`, else that of the configuration, else the default.
 */
export async function typedFramework(typed: readonly string[], folder: string): Promise<ChosenFramework> {
  const separator = typed.indexOf("--");
  const words = separator === -1 ? typed : typed.slice(0, separator);
  return chooseFramework(flagValue("framework", words) ?? (await configuredFramework(words, folder)), folder);
}

/** What the configuration names; undefined where there is none, or where it cannot be read: that is said when it is loaded. */
async function configuredFramework(words: readonly string[], folder: string): Promise<string | undefined> {
  if (words.includes("--no-config")) return undefined;
  const path = findConfig(flagValue("config", words), folder);
  if (path === undefined || !existsSync(path)) return undefined;
  try {
    // Most configurations name none, and then none has to run.
    if (!/\bframework\b/.test(readFileSync(path, "utf8"))) return undefined;
    const config = (await importConfig(pathToFileURL(path).href)).default;
    const named = (config as { readonly framework?: unknown } | undefined)?.framework;
    return typeof named === "string" ? named : undefined;
  } catch {
    return undefined;
  }
}

/** `--name value` or `--name=value`: the last one counts, as for the parser. */
function flagValue(name: string, words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  return word === `--${name}` ? words[at + 1] : word?.slice(name.length + 3);
}
