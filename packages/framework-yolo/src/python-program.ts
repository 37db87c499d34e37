import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * Reads programs from `python/` as text, to send them to a machine where nothing of unitrain is installed. The relative
 * path is the same from `src/` and from `dist/`.
 */
export function readPythonProgram(...files: readonly string[]): string {
  return files
    .map((file) => readFileSync(new URL(`../python/${file}`, import.meta.url), "utf8"))
    .join("\n\n");
}

/** Reads the program that installs the environment: the parts of core, which are the same for all frameworks, then our own. */
export function readInstaller(): string {
  const core = createRequire(import.meta.url).resolve("@unitrain/core/package.json");
  const shared = ["running", "variables", "uv", "installing"].map((name) =>
    readFileSync(new URL(`python/${name}.py`, pathToFileURL(core)), "utf8"),
  );
  return [...shared, readPythonProgram("install.py")].join("\n\n");
}
