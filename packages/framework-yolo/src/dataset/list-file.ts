import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { type Findings, shownPath } from "./findings.ts";
import { isImageName } from "./image-names.ts";
import type { Pace } from "./pace.ts";
import { codeOf, type FoundImage } from "./walk.ts";

/** The pictures that a list file names, one a line: absolute, or from the list's own folder, the dataset's, or the working folder. */
export async function readListFile(
  file: string,
  root: string,
  findings: Findings,
  pace: Pace,
): Promise<FoundImage[]> {
  const images = new Map<string, FoundImage>();
  const lines = readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/);
  for (const [index, text] of lines.entries()) {
    await pace.step();
    const entry = text.trim();
    if (entry === "") continue;
    const image = findImage(entry, file, root);
    if (typeof image === "string") findings.error("lines of a list", file, image, index + 1);
    else if (images.has(image.path)) {
      const message = `${entry} is in this list already, and is trained on once.`;
      findings.warning("pictures twice in a list", file, message, index + 1);
    } else images.set(image.path, image);
  }
  return [...images.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is wrong with the line, as a text. */
function findImage(entry: string, file: string, root: string): FoundImage | string {
  const places = isAbsolute(entry)
    ? [entry]
    : [join(dirname(file), entry), join(root, entry), resolve(entry)];
  const path = places.map((place) => resolve(place)).find(isFile);
  if (path === undefined) return `${shownPath(places[0] ?? entry)} does not exist.`;
  if (!isImageName(path)) return `${entry} is no picture that YOLO reads.`;
  return { path, file: realpathSync(path) };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (cause) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES"].includes(codeOf(cause))) return false;
    throw cause;
  }
}
