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

/** Files and folders that git, Python, Node and Ultralytics generate, which are never code. */
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
 */
export function* walkCode(root: string): Generator<FoundFile> {
  yield* walk(root, root, askGitIgnored(root) ?? readIgnoreRules(root), realpathSync(root));
}

function* walk(
  root: string,
  folder: string,
  isIgnored: IsIgnored,
  realRoot: string,
  inside: readonly string[] = [realRoot],
): Generator<FoundFile> {
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const path = relative(root, file).split(sep).join("/");
    const found = statSync(file, { throwIfNoEntry: false });
    // A dangling link, a pipe or a socket cannot be uploaded.
    if (found === undefined || !(found.isFile() || found.isDirectory())) continue;
    const isFolder = found.isDirectory();
    if (neverShipped.ignores(path) || isIgnored(file, isFolder)) continue;
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
      yield* walk(root, file, nestedIgnore ?? isIgnored, realRoot, [...inside, real]);
    }
  }
}
