import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

/** A file that is shipped, or a link that leads out of the folder. Paths are relative, `/` between their parts. */
export type Found =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly file: string;
      readonly sizeBytes: number;
      readonly executable: boolean;
    }
  | { readonly kind: "outside"; readonly path: string };

/** Never code: what git, Python, Node and Ultralytics leave behind, and where passwords are kept. */
const never = ignore().add([
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
  ".env",
  ".env.*",
  ".netrc",
  "/runs",
  "/wandb",
]);

/** The rules of one `.gitignore`, which hold for what lies below its folder. */
interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Every file of a folder that git would not ignore, by name, in a stable order. Never leaves the folder, by links either. */
export function* walkCode(root: string): Generator<Found> {
  yield* walk(root, root, rulesAbove(root), realpathSync(root));
}

function* walk(
  root: string,
  folder: string,
  above: readonly Rules[],
  realRoot: string,
  inside: readonly string[] = [realRoot],
): Generator<Found> {
  const rules = withRulesOf(folder, above);
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const path = relative(root, file).split(sep).join("/");
    const found = statSync(file, { throwIfNoEntry: false });
    // A link to nowhere, a pipe, a socket: nothing that could be shipped.
    if (found === undefined || !(found.isFile() || found.isDirectory())) continue;
    const isFolder = found.isDirectory();
    if (never.ignores(path) || isIgnored(file, isFolder, rules)) continue;
    const real = realpathSync(file);
    if (real !== realRoot && !real.startsWith(realRoot + sep)) {
      yield { kind: "outside", path };
    } else if (!isFolder) {
      const executable = (found.mode & 0o111) !== 0 && sep === "/";
      yield { kind: "file", path, file, sizeBytes: found.size, executable };
    } else if (!inside.includes(real) && !existsSync(join(file, "pyvenv.cfg"))) {
      // A link to a folder that this one lies in would lead round and round.
      yield* walk(root, file, rules, realRoot, [...inside, real]);
    }
  }
}

/** The rules that git would read further up, to where the checkout begins. */
function rulesAbove(root: string): readonly Rules[] {
  const folders: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) folders.unshift(folder);
    if (existsSync(join(folder, ".git"))) break;
    // No checkout: then nothing above has a say.
    if (dirname(folder) === folder) return [];
  }
  return folders.reduce<readonly Rules[]>((rules, folder) => withRulesOf(folder, rules), []);
}

function withRulesOf(folder: string, above: readonly Rules[]): readonly Rules[] {
  const file = join(folder, ".gitignore");
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return above;
  return [...above, { folder, rules: ignore().add(readFileSync(file, "utf8")) }];
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
