import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AdapterKind } from "./adapter-kind.ts";

/** A file of a template or of a package. */
export interface TemplateFile {
  /** The path relative to the package, with `/` as separator. */
  readonly path: string;
  readonly content: string;
}

const folder = fileURLToPath(new URL("../templates/", import.meta.url));

/** Reads the files of a folder of templates, sorted by path. */
export function readTemplateFiles(name: AdapterKind | "common"): readonly TemplateFile[] {
  const root = join(folder, name);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: file.slice(root.length + 1).replaceAll("\\", "/"),
      content: readFileSync(file, "utf8"),
    }));
}

/** Whether an identifier cannot be the name of the adapter's function, because the code of the template has this word already. */
export function findNameClash(kind: AdapterKind, identifier: string): boolean {
  return (
    reservedWords.has(identifier) ||
    readTemplateFiles(kind).some(
      ({ path, content }) =>
        path.endsWith(".ts") && new RegExp(`\\b${identifier}\\b`).test(removeProse(content)),
    )
  );
}

function removeProse(code: string): string {
  return code.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
}

/** Words of the language that no template contains. */
const reservedWords = new Set(
  "arguments break case catch class continue debugger delete do enum eval extends finally implements import in instanceof interface package private protected public static super switch throw try var void while with yield".split(
    " ",
  ),
);
