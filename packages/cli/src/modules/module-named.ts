import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UnitrainError } from "@unitrain/core/spec";

/** Where a word that may name a module stands, for what is said of it. */
interface ModuleUse {
  /** `--on` */
  readonly flag: string;
  /** What the module must export: `a provider as its default, or as \`provider\``. */
  readonly exports: string;
}

/** The module that a word names by its form: `npm:package`, or the path of a file. Undefined for a bare word. */
export function moduleNamed(word: string, folder: string, use: ModuleUse): string | undefined {
  if (word.startsWith("npm:")) return packageNamed(word, use);
  return /^(\.{1,2}[\\/]|~?[\\/]|file:|[A-Za-z]:[\\/])/.test(word) ? fileNamed(word, folder, use) : undefined;
}

/** A package, or a module of one: never a path, which a package's name could be mistaken for. */
function packageNamed(word: string, { flag }: ModuleUse): string {
  const name = word.slice("npm:".length);
  if (/^(@[\w.-]+\/)?[a-z\d][\w.-]*(\/[\w.-]+)*$/i.test(name) && !name.split("/").includes("..")) return name;
  throw new UnitrainError("INVALID_OPTIONS", `${flag} ${word} does not name a package.`, {
    hint: `Write ${flag} npm:name or ${flag} npm:@scope/name for a package that is installed here, or ${flag} ./file.ts for a file.`,
  });
}

function fileNamed(word: string, folder: string, { flag, exports }: ModuleUse): string {
  if (word.startsWith("file:")) return word;
  const path = /^~[\\/]/.test(word) ? resolve(homedir(), word.slice(2)) : resolve(folder, word);
  if (existsSync(path)) return pathToFileURL(path).href;
  throw new UnitrainError("INVALID_OPTIONS", `${flag} ${word} names a file that is not there.`, {
    hint: `Looked for ${path}. It must export ${exports}.`,
  });
}
