import { existsSync, readFileSync } from "node:fs";
import { findConfig } from "../settings/config/find-config.ts";

/** Where a framework may be named besides the default: what is typed, and a configuration that must be run to know. */
export interface FrameworkNames {
  /** Behind `--framework`. */
  readonly typed: string | undefined;
  /** The path of a configuration that speaks of a framework. */
  readonly config: string | undefined;
}

/** Looks for names of a framework on a command line that is not parsed yet, and in the text of the configuration. */
export function findFrameworkNames(typed: readonly string[], folder: string): FrameworkNames {
  const separator = typed.indexOf("--");
  const words = separator === -1 ? typed : typed.slice(0, separator);
  const config = words.includes("--no-config") ? undefined : findConfig(flagValue("config", words), folder);
  return { typed: flagValue("framework", words), config: mentionsFramework(config) ? config : undefined };
}

/** Most configurations name none, and then none has to run. One that cannot be read is refused when it is loaded. */
export function mentionsFramework(config: string | undefined): boolean {
  try {
    return config !== undefined && existsSync(config) && /\bframework\b/.test(readFileSync(config, "utf8"));
  } catch {
    return false;
  }
}

/** `--name value` or `--name=value`: the last one counts, as for the parser. */
function flagValue(name: string, words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  return word === `--${name}` ? words[at + 1] : word?.slice(name.length + 3);
}
