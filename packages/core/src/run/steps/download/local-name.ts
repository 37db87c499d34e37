import { posix } from "node:path";
import type { JobInput, RemoteFile } from "../../../spec/index.ts";

/** Room for `.incomplete` behind a name. */
const longestPartBytes = 255 - 11;
/** Of a path below the output folder; the folder itself takes some of the 1,024 or 4,096 that systems allow. */
const longestPathBytes = process.platform === "darwin" ? 800 : 3_500;

/** Control characters, line ends, and what turns the direction of writing: a screen or a script would be told something else than what is there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const forbiddenOnWindows = /[\\:*?"<>|]/g;
const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;

/** The path below the output folder; a file that was found elsewhere goes by its bare name. */
export function pathBelowOutput(job: Pick<JobInput, "output">, file: RemoteFile): string {
  const below = file.path.startsWith(`${job.output}/`);
  return below ? file.path.slice(job.output.length + 1) : posix.basename(file.path);
}

/** As {@link pathBelowOutput}, with a folder of its own for what lies in the scratch folder, where a training's own code works. */
export function pathOfFile(job: Pick<JobInput, "output" | "scratch">, file: RemoteFile): string {
  const isScratch = file.path.startsWith(`${job.scratch}/`);
  return isScratch ? `working-folder/${file.path.slice(job.scratch.length + 1)}` : pathBelowOutput(job, file);
}

/** Why a file of this relative path cannot be stored on this computer; undefined when it can. */
export function nameFault(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (path.search(unprintable) !== -1) return "its name has control or direction characters";
  if (!path.isWellFormed()) return "its name is not valid Unicode";
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

/** A name that can be stored, for the model, which must not be lost for its name. */
export function storableName(path: string): string {
  const parts = path
    .toWellFormed()
    .replace(unprintable, "_")
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

/** A name as it may be written to a screen or a log. */
export function shownName(path: string): string {
  const text = path.toWellFormed().replace(unprintable, "?");
  return text.length > 200 ? `${text.slice(0, 100)}…${text.slice(-99)}` : text;
}

/** Two paths with one key are one file where case or Unicode form does not count. */
export function nameKey(path: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "darwin" || platform === "win32" ? path.normalize("NFC").toLowerCase() : path;
}
