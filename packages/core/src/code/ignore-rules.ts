import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import type { IsIgnored } from "./git-ignored.ts";

/** The rules of one ignore file, which apply to everything below its folder. */
interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Git's default on this platform's file systems: `Models/` does not match `models/` on Linux. */
const ignorecase = process.platform === "win32" || process.platform === "darwin";

/** Reads `.gitignore` files and `.git/info/exclude`, for computers where git cannot be run. */
export function readIgnoreRules(root: string): IsIgnored {
  const cache = new Map<string, readonly Rules[]>();
  const getRules = (folder: string): readonly Rules[] => {
    const found =
      cache.get(folder) ??
      addRules(folder, folder === root ? readRulesAbove(root) : getRules(dirname(folder)));
    cache.set(folder, found);
    return found;
  };
  return (file, isFolder) => isIgnored(file, isFolder, getRules(dirname(file)));
}

/** Reads the rules of the folders above, up to the root of the checkout. */
function readRulesAbove(root: string): readonly Rules[] {
  const folders: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) folders.unshift(folder);
    if (existsSync(join(folder, ".git"))) return readCheckoutRules(folder, folders);
    // Outside a checkout, ignore files of parent folders do not apply.
    if (dirname(folder) === folder) return [];
  }
}

function readCheckoutRules(checkout: string, folders: readonly string[]): readonly Rules[] {
  const excluded = readRules(join(checkout, ".git/info/exclude"), checkout);
  return folders.reduce((rules, folder) => addRules(folder, rules), excluded);
}

const addRules = (folder: string, above: readonly Rules[]): readonly Rules[] => [
  ...above,
  ...readRules(join(folder, ".gitignore"), folder),
];

function readRules(file: string, folder: string): readonly Rules[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return [];
  return [{ folder, rules: ignore({ ignorecase }).add(readFileSync(file, "utf8")) }];
}

/** Applies the nearest rules that match the path, as git does. */
function isIgnored(file: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (const { folder, rules: folderRules } of [...rules].reverse()) {
    const path = relative(folder, file).split(sep).join("/") + (isFolder ? "/" : "");
    const { ignored, unignored } = folderRules.test(path);
    if (ignored || unignored) return ignored;
  }
  return false;
}
