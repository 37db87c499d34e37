import { basename } from "node:path/posix";
import { isOfficialName } from "../options/model-name.ts";

/** Folders with settings and caches of unitrain and Ultralytics. */
const frameworkFolders = new Set([
  "config",
  "matplotlib",
  "inductor",
  "customize",
  "datasets",
  "weights",
  "tensorboard",
  "wandb",
  "__pycache__",
]);
/** Files that Ultralytics or the launcher downloads or writes. */
const frameworkFiles = /^(?:data\.yaml|.*\.(?:cache|ttf|pyc)|calibration_image_.*)$/i;

/**
 * Returns whether a file in the training's working folder was written by the user's own code, for example by a callback
 * that opens a relative path.
 */
export function isWrittenByUser(path: string): boolean {
  const parts = path.split("/");
  if (parts.some((part) => part.startsWith(".") || part === "__pycache__")) return false;
  if (parts.length > 1 && frameworkFolders.has(parts[0] ?? "")) return false;
  const name = basename(path);
  return !frameworkFiles.test(name) && !isOfficialName(name);
}
