import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Names of the configuration file. The first that exists is used. */
export const configNames = [
  "unitrain.config.ts",
  "unitrain.config.mts",
  "unitrain.config.js",
  "unitrain.config.mjs",
];

/** Returns the path of the named configuration file even if it does not exist, or else the path of the one in the folder, if any. */
export function findConfig(named: string | undefined, folder: string): string | undefined {
  if (named !== undefined) return resolve(folder, named);
  return configNames.map((name) => join(folder, name)).find(existsSync);
}
