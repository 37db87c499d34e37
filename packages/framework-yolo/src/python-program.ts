import { readFileSync } from "node:fs";

/**
 * Reads programs from `python/` as text, to send them to a machine where nothing of unitrain is installed. The relative
 * path is the same from `src/` and from `dist/`.
 */
export function readPythonProgram(...files: readonly string[]): string {
  return files
    .map((file) => readFileSync(new URL(`../python/${file}`, import.meta.url), "utf8"))
    .join("\n\n");
}
