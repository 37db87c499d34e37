import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import type { Ignored } from "./git-ignored.ts";

/** The rules of one file, which hold for what lies below its folder. */
interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

/** As git on this kind of file system: `Models/` does not ignore `models/` on Linux. */
const ignorecase = process.platform === "win32" || process.platform === "darwin";

/** What `.gitignore` files and `.git/info/exclude` say, for where git itself cannot be asked. */
export function ignoredByRules(root: string): Ignored {
  const cache = new Map<string, readonly Rules[]>();
  const rulesIn = (folder: string): readonly Rules[] => {
    const found =
      cache.get(folder) ?? withRulesOf(folder, folder === root ? rulesAbove(root) : rulesIn(dirname(folder)));
    cache.set(folder, found);
    return found;
  };
  return (file, isFolder) => isIgnored(file, isFolder, rulesIn(dirname(file)));
}

/** The rules that git would read further up, to where the checkout begins. */
function rulesAbove(root: string): readonly Rules[] {
  const folders: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) folders.unshift(folder);
    if (existsSync(join(folder, ".git"))) return rulesOfCheckout(folder, folders);
    // No checkout: then nothing above has a say.
    if (dirname(folder) === folder) return [];
  }
}

function rulesOfCheckout(checkout: string, folders: readonly string[]): readonly Rules[] {
  const excluded = rulesOf(join(checkout, ".git/info/exclude"), checkout);
  return folders.reduce((rules, folder) => withRulesOf(folder, rules), excluded);
}

const withRulesOf = (folder: string, above: readonly Rules[]): readonly Rules[] => [
  ...above,
  ...rulesOf(join(folder, ".gitignore"), folder),
];

function rulesOf(file: string, folder: string): readonly Rules[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return [];
  return [{ folder, rules: ignore({ ignorecase }).add(readFileSync(file, "utf8")) }];
}

/** The nearest rules that have anything to say about it decide, as with git. */
function isIgnored(file: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (const { folder, rules: ours } of [...rules].reverse()) {
    const path = relative(folder, file).split(sep).join("/") + (isFolder ? "/" : "");
    const { ignored, unignored } = ours.test(path);
    if (ignored || unignored) return ignored;
  }
  return false;
}
