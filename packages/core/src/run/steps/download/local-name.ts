import { posix } from "node:path";
import { type ArtifactRules, type JobInput, type RemoteFile, toPlainLine } from "../../../spec/index.ts";

/** The maximum length of a file name, with space for the suffix `.incomplete`. */
const longestPartBytes = 255 - 11;
/** The maximum length of a path below the output folder, whose own path uses some of the 1,024 or 4,096 bytes that systems allow. */
const longestPathBytes = process.platform === "darwin" ? 800 : 3_500;

const forbiddenOnWindows = /[\\:*?"<>|]/g;
const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;

/** Returns a file's path below the output folder, or only its name if it is elsewhere. */
export function getPathBelowOutput(job: Pick<JobInput, "output">, file: RemoteFile): string {
  const below = file.path.startsWith(`${job.output}/`);
  return below ? file.path.slice(job.output.length + 1) : posix.basename(file.path);
}

/**
 * Like {@link getPathBelowOutput}, but files of the scratch folder, in which the training's code runs, go to `working-folder`, or keep
 * their paths if the framework wants it.
 */
export function getLocalPath(
  job: Pick<JobInput, "output" | "scratch">,
  file: RemoteFile,
  { keepsPaths = false }: Pick<ArtifactRules, "keepsPaths">,
): string {
  if (!file.path.startsWith(`${job.scratch}/`)) return getPathBelowOutput(job, file);
  const path = file.path.slice(job.scratch.length + 1);
  return keepsPaths ? path : `working-folder/${path}`;
}

/** Returns why a file with this relative path cannot be stored on this computer, or undefined if it can. */
export function findNameFault(
  path: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (!path.isWellFormed()) return "its name is not valid Unicode";
  if (toPlainLine(path) !== path) return "its name has control or invisible characters";
  if (Buffer.byteLength(path) > longestPathBytes) return `its path is longer than ${longestPathBytes} bytes`;
  for (const part of path.split("/")) {
    if (part === "" || part === "." || part === "..") return "its path has an empty part, . or ..";
    if (Buffer.byteLength(part) > longestPartBytes)
      return `its name is longer than ${longestPartBytes} bytes`;
    if (platform !== "win32") continue;
    if (part.search(forbiddenOnWindows) !== -1 || reservedOnWindows.test(part) || /[. ]$/.test(part))
      return "Windows cannot store a file with its name";
  }
  return undefined;
}

/** Changes a path into one that can be stored. It is used for the model, which must not be lost because of its name. */
export function toStorableName(path: string): string {
  const parts = toPlainLine(path)
    .split("/")
    .slice(-3)
    .filter((part) => part !== "" && part !== "." && part !== "..")
    .map((part) => {
      const shortened = Buffer.byteLength(part) > longestPartBytes ? part.slice(-60) : part;
      const allowed = shortened.replace(forbiddenOnWindows, "_").replace(/[. ]+$/, "_");
      return reservedOnWindows.test(allowed) ? `_${allowed}` : allowed;
    });
  return parts.length === 0 ? "model" : parts.join("/");
}

/** Returns a name that is safe to print on a screen or to a log. */
export function shownName(path: string): string {
  const text = toPlainLine(path);
  return text.length > 200 ? `${text.slice(0, 100)}…${text.slice(-99)}` : text;
}

/** Returns a key that is equal for two paths that name the same file on a system that ignores case or Unicode normalization. */
export function createNameKey(path: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "darwin" || platform === "win32" ? path.normalize("NFC").toLowerCase() : path;
}
