import { readFileSync } from "node:fs";

/** A program of `python/`, as text: it is sent to the machine, where nothing of ours is installed. From `src/` and from `dist/` the way is the same. */
export function readPythonProgram(...files: readonly string[]): string {
  return files
    .map((file) => readFileSync(new URL(`../python/${file}`, import.meta.url), "utf8"))
    .join("\n\n");
}
