import { basename } from "node:path/posix";
import { isOfficialName } from "../options/model-name.ts";

/** Folders of settings and caches, ours and Ultralytics'. */
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
/** Fetched or written by Ultralytics and by our launcher. */
const frameworkFiles = /^(?:data\.yaml|.*\.(?:cache|ttf|pyc)|calibration_image_.*)$/i;

/** Whether a file in the training's working folder comes from the user's own code: a relative path in a callback ends up there. */
export function isWrittenByUser(path: string): boolean {
  const parts = path.split("/");
  if (parts.some((part) => part.startsWith(".") || part === "__pycache__")) return false;
  if (parts.length > 1 && frameworkFolders.has(parts[0] ?? "")) return false;
  const name = basename(path);
  return !frameworkFiles.test(name) && !isOfficialName(name);
}
