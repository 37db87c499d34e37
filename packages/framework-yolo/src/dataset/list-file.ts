import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { decodeText } from "./decode-text.ts";
import { type Findings, formatPath } from "./findings.ts";
import type { ImageListBuilder } from "./image-list.ts";
import { isImageName } from "./image-names.ts";
import { getErrorCode } from "./walk.ts";
import type { Yielder } from "./yielder.ts";

/**
 * Adds the images of a list file with one path per line: absolute, or relative to the list's folder, the dataset's or
 * the working folder. Skips empty lines, comments and lines that name no image, as Ultralytics does.
 */
export async function readListFile(
  file: string,
  root: string,
  images: ImageListBuilder,
  findings: Findings,
  yielder: Yielder,
): Promise<void> {
  findings.inspect(file);
  const realFolders = new Map<string, string>();
  const realFolder = (folder: string): string => {
    const real = realFolders.get(folder) ?? realpathSync(folder);
    realFolders.set(folder, real);
    return real;
  };
  let line = 0;
  let isRelocationReported = false;
  for (const text of splitLines(decodeText(readFileSync(file)))) {
    await yielder.step();
    line++;
    const entry = text.trim();
    if (entry === "" || entry.startsWith("#")) continue;
    if (!isImageName(entry)) {
      const message = `${entry} does not name an image: this line is skipped.`;
      findings.warning("lines of a list that name no image", file, message, line);
      continue;
    }
    const exactPath = findFile(entry, file, root);
    const path = exactPath ?? findRelocated(entry, [dirname(file), root]);
    if (exactPath === undefined && path !== undefined && !isRelocationReported) {
      isRelocationReported = true;
      const message = `${entry} does not exist: ${formatPath(path)} is used instead; other lines likewise.`;
      findings.warning("paths of another machine", file, message, line);
    }
    if (path === undefined) {
      const missing = getExpectedPath(entry, file);
      findings.damage("lines of a list", missing, file, `${formatPath(missing)} does not exist.`, line);
      continue;
    }
    const folder = dirname(path);
    if (!images.add(folder, realFolder(folder), basename(path), realpathSync(path))) {
      const message = `${entry} is listed twice, and is used once.`;
      findings.warning("images twice in a list", file, message, line);
    }
  }
}

/** Yields lines one at a time, because a list may name a million images. */
function* splitLines(text: string): Generator<string> {
  for (let from = text.startsWith("\uFEFF") ? 1 : 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    yield text.slice(from, end === -1 ? text.length : end);
    from = end === -1 ? text.length : end + 1;
  }
}

const getExpectedPath = (entry: string, file: string): string =>
  isAbsolute(entry) ? entry : join(dirname(file), entry);

function findFile(entry: string, file: string, root: string): string | undefined {
  // Lists written on Windows have backslashes.
  const spellings = entry.includes("\\") ? [entry, entry.replaceAll("\\", "/")] : [entry];
  return spellings
    .flatMap((candidate) =>
      isAbsolute(candidate)
        ? [candidate]
        : [getExpectedPath(candidate, file), join(root, candidate), candidate],
    )
    .map((candidate) => resolve(candidate))
    .find(isFile);
}

/**
 * Finds a file that was listed on another machine: the longest suffix of its path that exists in one of the folders.
 */
function findRelocated(entry: string, folders: readonly string[]): string | undefined {
  const [, ...parts] = entry.replaceAll("\\", "/").split("/");
  if (parts.includes("..")) return undefined;
  for (let from = 0; from < parts.length; from++) {
    const found = folders.map((folder) => join(folder, ...parts.slice(from))).find(isFile);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (cause) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES"].includes(getErrorCode(cause))) return false;
    throw cause;
  }
}
