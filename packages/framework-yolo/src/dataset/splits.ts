import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { findBesideYaml, suggestSimilarPath } from "./beside-yaml.ts";
import type { DataYaml } from "./data-yaml.ts";
import { type Findings, formatPath } from "./findings.ts";

export type SplitName = "train" | "val" | "test";

/** The sources of a split's images: folders and list files, absolute, with links not resolved. */
export interface Split {
  readonly name: SplitName;
  readonly sources: readonly string[];
  /** Line of the key in the yaml, from 1. */
  readonly line: number | undefined;
}

/** Finds the splits that a training reads, with a finding for each source that does not exist. */
export function findSplits(
  yaml: DataYaml,
  folder: string,
  names: readonly SplitName[],
  findings: Findings,
): { readonly root: string; readonly splits: readonly Split[] } {
  const root = findRoot(yaml, folder, findings);
  const splits = names.flatMap((name) => {
    const key = name === "val" && yaml.values.val === undefined ? "validation" : name;
    const line = yaml.getLine(key);
    const entries = readEntries(yaml.values[key]);
    if (entries === undefined) {
      findings.error("splits", yaml.file, describeMissingKey(name, yaml), line);
      return [];
    }
    const sources = entries.flatMap((entry) => {
      const found = resolveEntry(root, entry, yaml, line, findings);
      if (found !== undefined) return [found];
      const candidate = listCandidates(root, entry)[0] ?? entry;
      findings.error(
        "splits",
        yaml.file,
        `${name} is ${entry}, but ${formatPath(candidate)} does not exist.${suggestSimilarPath(candidate)}`,
        line,
      );
      return [];
    });
    return [{ name, sources, line }];
  });
  return { root, splits };
}

/**
 * Resolves `path:`. Ultralytics resolves it from the working folder, but users mean it relative to the yaml; the first
 * that contains the training images is used.
 */
function findRoot(yaml: DataYaml, folder: string, findings: Findings): string {
  const { path } = yaml.values;
  if (path === undefined || path === null || path === "") return folder;
  if (typeof path !== "string") {
    findings.error("splits", yaml.file, "path is not text.", yaml.getLine("path"));
    return folder;
  }
  const expanded = path.replace(/^~(?=$|[/\\])/, homedir());
  const candidateRoots = isAbsolute(expanded)
    ? [resolve(expanded)]
    : [join(folder, expanded), resolve(expanded)];
  const roots = [...candidateRoots, folder];
  const first = readEntries(yaml.values.train)?.[0];
  const root =
    first === undefined ? undefined : roots.find((candidate) => hasExistingCandidate(candidate, first));
  if (first !== undefined && root === candidateRoots[0])
    warnAboutAlternative(path, root, candidateRoots[1], first, yaml, findings);
  if (root === folder && !candidateRoots.some((candidate) => resolve(candidate) === folder)) {
    findings.warning(
      "splits",
      yaml.file,
      `path is ${path}, which does not contain the images; those beside data.yaml are used.`,
      yaml.getLine("path"),
    );
  }
  return root ?? roots.find((candidate) => existsSync(candidate)) ?? folder;
}

function warnAboutAlternative(
  path: string,
  root: string | undefined,
  alternative: string | undefined,
  entry: string,
  yaml: DataYaml,
  findings: Findings,
): void {
  if (
    root === undefined ||
    alternative === undefined ||
    alternative === root ||
    !hasExistingCandidate(alternative, entry)
  )
    return;
  const message = `path is ${path}, which exists twice: relative to data.yaml (${root}), which is used, and to the working folder (${alternative}).`;
  findings.warning("splits", yaml.file, message, yaml.getLine("path"));
}

function readEntries(value: unknown): readonly string[] | undefined {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = entries.filter((entry): entry is string => typeof entry === "string" && entry.trim() !== "");
  return texts.length === entries.length && texts.length > 0 ? texts : undefined;
}

function describeMissingKey(name: SplitName, { values }: DataYaml): string {
  const value = values[name];
  if (value !== undefined && value !== null)
    return `${name} must be a folder, a list file, or a list of them.`;
  const alike = Object.keys(values).find((key) => key !== name && keySpellings[name].test(key));
  const hint = alike === undefined ? "" : ` Did you mean ${alike}? YOLO calls it ${name}.`;
  const divide =
    name === "val" && alike === undefined
      ? " Or split the training images with `unitrain init --data …`."
      : "";
  return `${name} is missing: add the folder of the ${name === "train" ? "training" : "validation"} images.${hint}${divide}`;
}

const keySpellings: Readonly<Record<SplitName, RegExp>> = {
  train: /^(?:train(?:ing)?|trian)(?:[_-]?(?:set|images|dir|path))?$/i,
  val: /^(?:val|valid|validate|validation|vaild|eval|dev)(?:[_-]?(?:set|images|dir|path))?$/i,
  test: /^test(?:ing)?(?:[_-]?(?:set|images|dir|path))?$/i,
};

/**
 * Resolves an entry. Roboflow writes `../train/images` and means `train/images`; if both exist, the one in the dataset
 * is used, with a warning.
 */
function resolveEntry(
  root: string,
  entry: string,
  yaml: DataYaml,
  line: number | undefined,
  findings: Findings,
): string | undefined {
  const [found, alternative] = listCandidates(root, entry).filter((path) => existsSync(path));
  if (found === undefined) return findBesideYaml(entry, yaml, line, findings);
  if (alternative !== undefined && entry.startsWith("../")) {
    const message = `${entry} may be ${formatPath(found)} or ${formatPath(alternative)}; the first is used.`;
    findings.warning("splits", yaml.file, message, line);
  }
  return found;
}

const hasExistingCandidate = (root: string, entry: string): boolean =>
  listCandidates(root, entry).some((path) => existsSync(path));

function listCandidates(root: string, entry: string): readonly string[] {
  const plain = entry.trim();
  const spellings = [...new Set([plain, plain.replaceAll("\\", "/")])];
  return spellings.flatMap((spelling) => {
    if (isAbsolute(spelling)) return [resolve(spelling)];
    const besideRoot = spelling.startsWith("../") ? [join(root, spelling.slice(3))] : [];
    return [...besideRoot, join(root, spelling)];
  });
}
