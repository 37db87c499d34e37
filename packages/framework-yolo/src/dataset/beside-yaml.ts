import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { suggest } from "../options/suggest.ts";
import type { DataYaml } from "./data-yaml.ts";
import { type Findings, formatPath } from "./findings.ts";

/**
 * Finds a path that was absolute on another machine (`C:/data/…`, `/content/drive/…`): the longest suffix of it that
 * exists beside the yaml. Adds a warning when it finds one.
 */
export function findBesideYaml(
  entry: string,
  yaml: DataYaml,
  line: number | undefined,
  findings: Findings,
): string | undefined {
  const plain = entry.trim().replaceAll("\\", "/");
  if (!isAbsolute(plain) && !/^[a-z]:\//i.test(plain)) return undefined;
  const parts = plain.split("/").filter(Boolean);
  const folder = dirname(yaml.file);
  for (let from = 1; from < parts.length; from++) {
    const path = join(folder, ...parts.slice(from));
    if (parts.slice(from).includes("..") || !existsSync(path)) continue;
    const message = `${entry} is a path on another machine: ${formatPath(path)} is used instead.`;
    findings.warning("paths of another machine", yaml.file, message, line);
    return path;
  }
  return undefined;
}

/** Returns a sentence that suggests an existing path with a similar name, or an empty string. */
export function suggestSimilarPath(path: string): string {
  let missing = path;
  while (!existsSync(dirname(missing)) && dirname(missing) !== missing) missing = dirname(missing);
  const names = listNames(dirname(missing));
  const wanted = basename(missing);
  const near =
    names.find((name) => name.toLowerCase() === wanted.toLowerCase()) ??
    synonyms.find((group) => group.includes(wanted.toLowerCase()))?.find((name) => names.includes(name)) ??
    names.find((name) => sortLetters(name) === sortLetters(wanted)) ??
    suggest(wanted, names);
  return near === undefined ? "" : ` Did you mean ${formatPath(join(dirname(missing), near))}?`;
}

/** Sorts the letters of a name, so that names with swapped letters compare as equal. */
const sortLetters = (name: string): string => [...name.toLowerCase()].sort().join("");

const synonyms: readonly (readonly string[])[] = [
  ["val", "valid", "validation", "validate"],
  ["train", "training"],
  ["images", "image", "imgs", "img"],
];

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, 1000);
  } catch {
    return [];
  }
}
