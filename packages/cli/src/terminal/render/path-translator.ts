import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "@unitrain/core";
import { shortenPath } from "./short-path.ts";

/**
 * Creates a function that replaces the machine's paths in a text by paths of this computer: those of output files, which are
 * downloaded, and those of dataset files that exist here too. Other paths stay unchanged.
 */
export function createPathTranslator(
  { id, paths, plan: { source } }: Pick<Run, "id" | "paths" | "plan">,
  folder: string,
): (text: string) => string {
  const ofRun = new RegExp(
    `(?:[A-Za-z]:)?(?:[/\\\\][^\\s'"():,]*)?[/\\\\]runs[/\\\\]${id.replace(/[^\w-]/g, "\\$&")}[/\\\\](attempt-\\d+[/\\\\]out|data)([/\\\\][^\\s'"():,]*)?`,
    "g",
  );
  return (text) =>
    text.replace(ofRun, (match, place: string, behind = "") => {
      const [, punctuation = ""] = /([.…]*)$/.exec(behind) ?? [];
      const inner = behind.slice(0, behind.length - punctuation.length).replaceAll("\\", "/");
      if (place !== "data") return `${shortenPath(join(paths.out, inner), folder)}${punctuation}`;
      if (source.kind !== "local") return match;
      const local = join(source.path, inner);
      return existsSync(local) ? `${shortenPath(local, folder)}${punctuation}` : match;
    });
}
