import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The declared dependencies of a project. */
export interface ProjectDependencies {
  /** The path of its package.json, or the path where it would be if there is none. */
  readonly file: string;
  readonly names: readonly string[];
}

/** Reads the nearest package.json in the folder or above it. A file that cannot be read has no dependencies. */
export function readProjectDependencies(folder: string): ProjectDependencies {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "package.json");
    const text = read(file);
    if (text !== undefined) return { file, names: parseDependencyNames(text) };
    if (dirname(at) === at) return { file: join(folder, "package.json"), names: [] };
  }
}

/** Returns the package that the word after `--on` means: `unitrain-provider-desk` for `desk`. */
export function getProviderPackage(word: string): string {
  return `unitrain-provider-${word}`;
}

/** Lists the words after `--on` that name the project's packages: `desk` for `unitrain-provider-desk`. */
export function listProviderWords(dependencies: readonly string[]): readonly string[] {
  return dependencies.flatMap((name) => /^unitrain-provider-(.+)$/.exec(name)?.[1] ?? []);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "";
  }
}

function parseDependencyNames(text: string): readonly string[] {
  try {
    const found = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const lists = ["dependencies", "devDependencies", "optionalDependencies"].map((key) => found?.[key]);
    return lists.flatMap((list) => (typeof list === "object" && list !== null ? Object.keys(list) : []));
  } catch {
    return [];
  }
}
