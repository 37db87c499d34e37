import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UnitrainError } from "@unitrain/core/spec";

/** The flag of a word that may name a module, for error messages. */
interface ModuleUse {
  /** `--on` */
  readonly flag: string;
  /** What the module must export: `a provider as its default, or as \`provider\``. */
  readonly exports: string;
}

/** Returns the module of a word with the form `npm:package` or the path of a file, or undefined for a bare word. */
export function resolveModule(word: string, folder: string, use: ModuleUse): string | undefined {
  if (word.startsWith("npm:")) return parsePackageName(word, use);
  return /^(\.{1,2}[\\/]|~?[\\/]|file:|[A-Za-z]:[\\/])/.test(word)
    ? resolveModuleFile(word, folder, use)
    : undefined;
}

/** Returns the name of a package or of a module in it. Refuses paths, which Node would also resolve. */
function parsePackageName(word: string, { flag }: ModuleUse): string {
  const name = word.slice("npm:".length);
  if (/^(@[\w.-]+\/)?[a-z\d][\w.-]*(\/[\w.-]+)*$/i.test(name) && !name.split("/").includes("..")) return name;
  throw new UnitrainError("INVALID_OPTIONS", `${flag} ${word} does not name a package.`, {
    hint: `Write ${flag} npm:name or ${flag} npm:@scope/name for a package that is installed here, or ${flag} ./file.ts for a file.`,
  });
}

function resolveModuleFile(word: string, folder: string, { flag, exports }: ModuleUse): string {
  if (word.startsWith("file:")) return word;
  const path = /^~[\\/]/.test(word) ? resolve(homedir(), word.slice(2)) : resolve(folder, word);
  if (existsSync(path)) return pathToFileURL(path).href;
  throw new UnitrainError("INVALID_OPTIONS", `${flag} ${word} names a file that does not exist.`, {
    hint: `Create ${path}, or correct the path. The file must export ${exports}.`,
  });
}
