import { existsSync, readFileSync } from "node:fs";
import { findConfig } from "../settings/config/find-config.ts";

/** The places that may name a framework. */
export interface FrameworkNames {
  /** The word after `--framework`. */
  readonly flag: string | undefined;
  /** The path of a configuration that mentions a framework. It must be loaded to know which one. */
  readonly config: string | undefined;
}

/** Finds the places that may name a framework: an unparsed command line, and the text of the configuration. */
export function findFrameworkNames(commandWords: readonly string[], folder: string): FrameworkNames {
  const separator = commandWords.indexOf("--");
  const words = separator === -1 ? commandWords : commandWords.slice(0, separator);
  const config = words.includes("--no-config")
    ? undefined
    : findConfig(readFlagValue("config", words), folder);
  return { flag: readFlagValue("framework", words), config: mentionsFramework(config) ? config : undefined };
}

/** Returns whether the text of a configuration mentions a framework. Most do not, and then need not be loaded early. A file that cannot be read is reported when it is loaded. */
export function mentionsFramework(config: string | undefined): boolean {
  try {
    return config !== undefined && existsSync(config) && /\bframework\b/.test(readFileSync(config, "utf8"));
  } catch {
    return false;
  }
}

/** Returns the value of `--name value` or `--name=value`. The last one counts, as in the parser. */
function readFlagValue(name: string, words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  return word === `--${name}` ? words[at + 1] : word?.slice(name.length + 3);
}
