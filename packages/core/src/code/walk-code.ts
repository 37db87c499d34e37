import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ignore from "ignore";
import { askGitIgnored, type IsIgnored } from "./git-ignored.ts";
import { readIgnoreRules } from "./ignore-rules.ts";

/** A file to upload, or a link that points outside the folder. Paths are relative and use `/`. */
export type FoundFile =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly file: string;
      readonly sizeBytes: number;
      readonly executable: boolean;
    }
  | { readonly kind: "outside"; readonly path: string };

/** Files and folders that git, Python, Node and trainings generate, which are never code. */
const neverShipped = ignore().add([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  "__pycache__",
  "*.py[cod]",
  ".venv",
  ".tox",
  ".*_cache",
  ".ipynb_checkpoints",
  ".DS_Store",
  "/runs",
  "/wandb",
]);

/**
 * Yields every file of a folder that git does not ignore, sorted by name. Does not follow links that leave the folder.
 * Leaves out the files and folders at the absolute paths `excluded`.
 */
export function* walkCode(root: string, excluded: readonly string[] = []): Generator<FoundFile> {
  const isIgnored = askGitIgnored(root) ?? readIgnoreRules(root);
  yield* walk({ root, realRoot: realpathSync(root), excluded }, root, isIgnored);
}

interface Walk {
  readonly root: string;
  readonly realRoot: string;
  readonly excluded: readonly string[];
}

function* walk(
  all: Walk,
  folder: string,
  isIgnored: IsIgnored,
  inside: readonly string[] = [all.realRoot],
): Generator<FoundFile> {
  const { root, realRoot, excluded } = all;
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const path = relative(root, file).split(sep).join("/");
    const found = statSync(file, { throwIfNoEntry: false });
    // A dangling link, a pipe or a socket cannot be uploaded.
    if (found === undefined || !(found.isFile() || found.isDirectory())) continue;
    const isFolder = found.isDirectory();
    if (neverShipped.ignores(path) || excluded.includes(file) || isIgnored(file, isFolder)) continue;
    const real = realpathSync(file);
    if (real !== realRoot && !real.startsWith(realRoot + sep)) {
      yield { kind: "outside", path };
    } else if (!isFolder) {
      const executable = (found.mode & 0o111) !== 0 && sep === "/";
      yield { kind: "file", path, file, sizeBytes: found.size, executable };
    } else if (!inside.includes(real) && !existsSync(join(file, "pyvenv.cfg"))) {
      // Links to a parent folder are skipped, because they would recurse forever. A nested checkout has ignore rules of
      // its own.
      const nestedIgnore = existsSync(join(file, ".git")) ? askGitIgnored(file) : undefined;
      yield* walk(all, file, nestedIgnore ?? isIgnored, [...inside, real]);
    }
  }
}
