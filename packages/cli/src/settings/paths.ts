import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** A path as it was written, absolute. A shell does not expand the ~ of `data=~/pallets`. */
export function pathFrom<Path extends string | undefined>(path: Path, folder: string): Path {
  if (path === undefined) return path;
  return resolve(folder, path.startsWith("~/") ? join(homedir(), path.slice(2)) : path) as Path;
}

/** Settings whose weights lie beside the configuration file name them so that they are found from anywhere. */
export function weightsFrom(settings: object, folder: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const path = mayNameAFile.has(key) && typeof value === "string" ? pathFrom(value, folder) : undefined;
      return [key, path !== undefined && existsSync(path) ? path : value];
    }),
  );
}

const mayNameAFile = new Set(["model", "pretrained", "distill_model"]);
