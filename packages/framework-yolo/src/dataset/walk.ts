import { type Dirent, lstatSync, opendirSync, realpathSync, statSync } from "node:fs";
import { extname } from "node:path";
import { findEscapedNames } from "./escaped-names.ts";
import { type Findings, formatPath } from "./findings.ts";
import { type ImageListBuilder, joinName } from "./image-list.ts";
import { findOverlookedFault, isImageName } from "./image-names.ts";
import type { Yielder } from "./yielder.ts";

/** Number of folder entries that are read at once. */
const bufferedEntries = 512;

/**
 * Adds all images below a folder. Follows links, but visits each folder once, and skips hidden names, as Ultralytics
 * does.
 */
export async function walkImages(
  folder: string,
  images: ImageListBuilder,
  findings: Findings,
  yielder: Yielder,
  onHidden: (path: string) => void = () => {},
): Promise<void> {
  const seen = new Map<string, string>();
  const visit = async (path: string, realPath: string): Promise<void> => {
    seen.set(realPath, path);
    findings.inspect(path);
    const folders: { readonly path: string; readonly realPath: string }[] = [];
    for (const entry of readEntries(path, findings)) {
      await yielder.step();
      const child = joinName(path, entry.name);
      if (entry.name.startsWith(".")) {
        onHidden(child);
        continue;
      }
      const kind = getEntryKind(entry, child, findings);
      const target = entry.isSymbolicLink() && kind !== "other" ? realpathSync(child) : undefined;
      if (kind === "folder")
        folders.push({ path: child, realPath: target ?? joinName(realPath, entry.name) });
      else if (kind === "file" && isImageName(entry.name)) images.add(path, realPath, entry.name, target);
      else if (kind === "file") warnAboutOverlooked(child, target ?? child, findings);
    }
    images.close(path);
    for (const inner of folders.sort((a, b) => (a.path < b.path ? -1 : 1)))
      await enter(inner.path, inner.realPath);
  };
  const enter = async (path: string, realPath: string): Promise<void> => {
    const previousPath = seen.get(realPath);
    if (previousPath === undefined) return visit(path, realPath);
    const message = `Leads to ${formatPath(previousPath)} again, which was already read.`;
    findings.warning("folders met twice", path, message);
  };
  await visit(folder, realpathSync(folder));
}

function warnAboutOverlooked(path: string, file: string, findings: Findings): void {
  const fault = findOverlookedFault(path, file);
  if (fault !== undefined) findings.warning("images that YOLO does not look at", path, fault);
}

/** Yields one entry at a time, because reading a million at once would take 300 MB. */
function* readEntries(folder: string, findings: Findings): Generator<Dirent> {
  try {
    const opened = opendirSync(folder, { bufferSize: bufferedEntries });
    try {
      for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) yield entry;
    } finally {
      opened.closeSync();
    }
  } catch (cause) {
    findings.error("unreadable folders", folder, `This folder cannot be read (${getErrorCode(cause)}).`);
  }
}

/** Returns the kind of a folder entry, following links. Reports other kinds that have the name of an image. */
export function getEntryKind(entry: Dirent, path: string, findings: Findings): "folder" | "file" | "other" {
  if (!isWellNamed(entry, path, findings)) return "other";
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  const reportSpecial = (message: string) => {
    if (isImageName(entry.name)) findings.damage("special files", path, path, message);
  };
  if (!entry.isSymbolicLink()) {
    reportSpecial("This is a pipe, socket or device and not an image.");
    return "other";
  }
  try {
    const target = statSync(path);
    if (target.isDirectory()) return "folder";
    if (target.isFile()) return "file";
    reportSpecial("This leads to a pipe, socket or device.");
  } catch (cause) {
    const reason = `This link ${getErrorCode(cause) === "ELOOP" ? "leads in a circle" : "leads to nothing"}.`;
    if (isImageName(entry.name)) findings.damage("dangling links", path, path, reason);
    // The target may have been a folder with any number of images.
    else if (extname(entry.name) === "") findings.error("dangling links", path, reason);
  }
  return "other";
}

/**
 * Reports names whose bytes are not UTF-8. They are read with replacement characters, and cannot be opened by that
 * name.
 */
function isWellNamed(entry: Dirent, path: string, findings: Findings): boolean {
  if (!entry.name.includes("\uFFFD") || lstatSync(path, { throwIfNoEntry: false }) !== undefined) return true;
  const names = findEscapedNames(path).join(" or ");
  const message = `The bytes of the name ${names} are not UTF-8: rename it.`;
  const kind = "names that are not UTF-8";
  if (isImageName(entry.name)) findings.damage(kind, path, path, message);
  else findings.error(kind, path, message);
  return false;
}

export const getErrorCode = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
