import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** In this order; one of them is enough. */
export const configNames = [
  "unitrain.config.ts",
  "unitrain.config.mts",
  "unitrain.config.js",
  "unitrain.config.mjs",
];

/** The configuration file that is wanted, also where it does not exist; without one that of the folder, if there is any. */
export function findConfig(named: string | undefined, folder: string): string | undefined {
  if (named !== undefined) return resolve(folder, named);
  return configNames.map((name) => join(folder, name)).find(existsSync);
}
