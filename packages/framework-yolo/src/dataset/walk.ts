import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { escapedNames } from "./escaped-names.ts";
import { type Findings, shownPath } from "./findings.ts";
import { isImageName, overlookedFault } from "./image-names.ts";
import type { Pace } from "./pace.ts";

/** A picture of a split. */
export interface FoundImage {
  /** Absolute, as the user's folders are called: labels are looked for by it. */
  readonly path: string;
  /** Where its bytes are, links resolved. */
  readonly file: string;
}

/** All pictures below a folder, in a stable order. Links are followed, each folder once; hidden names are left out, as Ultralytics does. */
export async function walk(
  folder: string,
  findings: Findings,
  pace: Pace,
  onHidden: (path: string) => void = () => {},
): Promise<FoundImage[]> {
  const images: FoundImage[] = [];
  const seen = new Map<string, string>();
  const visit = async (path: string, real: string): Promise<void> => {
    seen.set(real, path);
    for (const entry of list(path, findings)) {
      await pace.step();
      const child = join(path, entry.name);
      if (entry.name.startsWith(".")) {
        onHidden(child);
        continue;
      }
      const kind = kindOf(entry, child, findings);
      if (kind === "folder")
        await enter(child, entry.isSymbolicLink() ? realpathSync(child) : join(real, entry.name));
      if (kind === "file") add(child, entry.isSymbolicLink() ? realpathSync(child) : join(real, entry.name));
    }
  };
  const enter = async (path: string, real: string): Promise<void> => {
    const before = seen.get(real);
    if (before === undefined) return visit(path, real);
    findings.warning(
      "folders met twice",
      path,
      `Leads to ${shownPath(before)} again, which is read once only.`,
    );
  };
  const add = (path: string, file: string): void => {
    if (isImageName(path)) {
      images.push({ path, file });
      return;
    }
    const fault = overlookedFault(path, file);
    if (fault !== undefined) findings.warning("pictures that YOLO does not look at", path, fault);
  };
  await visit(folder, realpathSync(folder));
  return images;
}

function list(folder: string, findings: Findings): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    findings.error("unreadable folders", folder, `This folder cannot be read (${codeOf(cause)}).`);
    return [];
  }
}

/** What an entry of a folder is, links followed; what is none of both is told when it is called like a picture. */
export function kindOf(entry: Dirent, path: string, findings: Findings): "folder" | "file" | "other" {
  if (!isWellNamed(entry, path, findings)) return "other";
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  const looksLikeImage = isImageName(entry.name);
  if (!entry.isSymbolicLink()) {
    if (looksLikeImage)
      findings.error("special files", path, "This is a pipe, socket or device and not a picture.");
    return "other";
  }
  try {
    const target = statSync(path);
    if (target.isDirectory()) return "folder";
    if (target.isFile()) return "file";
    if (looksLikeImage) findings.error("special files", path, "This leads to a pipe, socket or device.");
  } catch (cause) {
    const why = codeOf(cause) === "ELOOP" ? "leads in a circle" : "leads to nothing";
    findings.error("dangling links", path, `This link ${why}.`);
  }
  return "other";
}

/** A name whose bytes are not UTF-8 is read with replacement letters in it, and cannot be opened by them. */
function isWellNamed(entry: Dirent, path: string, findings: Findings): boolean {
  if (!entry.name.includes("\uFFFD") || lstatSync(path, { throwIfNoEntry: false }) !== undefined) return true;
  const names = escapedNames(path).join(" or ");
  findings.error(
    "names that are not UTF-8",
    path,
    `The bytes of the name ${names} are not UTF-8: rename it.`,
  );
  return false;
}

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
