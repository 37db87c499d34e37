import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ignore from "ignore";
import { askGitIgnored, type IsIgnored } from "./git-ignored.ts";
import { readIgnoreRules } from "./ignore-rules.ts";

/** A file that is shipped, or a link that leads out of the folder. Paths are relative, `/` between their parts. */
export type FoundFile =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly file: string;
      readonly sizeBytes: number;
      readonly executable: boolean;
    }
  | { readonly kind: "outside"; readonly path: string };

/** Never code: what git, Python, Node and Ultralytics leave behind. */
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

/** Every file of a folder that git would not ignore, by name, in a stable order. Never leaves the folder, by links either. */
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
    // A link to nowhere, a pipe, a socket: nothing that could be shipped.
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
      // (A link to a folder that this one lies in would lead round and round.) A checkout within has rules of its own.
      const nestedIgnore = existsSync(join(file, ".git")) ? askGitIgnored(file) : undefined;
      yield* walk(root, file, nestedIgnore ?? isIgnored, realRoot, [...inside, real]);
    }
  }
}
