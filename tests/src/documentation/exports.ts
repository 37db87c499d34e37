import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./compile.ts";

/** A declaration that a package exports. */
export interface ExportedDeclaration {
  readonly name: string;
  /** The file that declares it, relative to the root of the repository. */
  readonly file: string;
  /** Its docstring. Empty if it has none. */
  readonly docstring: string;
  /** The codes of errors that a function throws itself, not in functions that it calls or creates. */
  readonly thrownCodes: readonly string[];
}

interface Manifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** Lists the source files of all public entry points, relative to the root of the repository. */
export function listEntryPoints(): readonly string[] {
  return globSync("packages/*/package.json", { cwd: root }).flatMap((manifest) => {
    const { exports = {} } = JSON.parse(readFileSync(join(root, manifest), "utf8")) as Manifest;
    return Object.entries(exports).flatMap(([subpath, target]) => {
      const source = typeof target === "string" ? undefined : target["@unitrain/source"];
      return source === undefined || subpath === "./bin" ? [] : [join(dirname(manifest), source)];
    });
  });
}

/** Lists what a module declares for export or exports again from modules of its package. */
export function listExports(file: string): readonly ExportedDeclaration[] {
  const text = readFileSync(join(root, file), "utf8");
  const declared = [...text.matchAll(declaration)].map(([, name = ""]) => describe(name, file, text));
  const exportedAgain = [...text.matchAll(exportFrom)].flatMap(([, names, path = ""]) => {
    const target = join(dirname(file), path);
    const found = listExports(target);
    if (names === undefined) return found;
    const wanted = listNames(names);
    return wanted.map((name) => {
      const match = found.find((entry) => entry.name === name);
      if (match === undefined) throw new Error(`${target} does not declare ${name}.`);
      return match;
    });
  });
  return [...declared, ...exportedAgain];
}

/** Describes the declaration of a name in the text of its file. */
export function describe(name: string, file: string, text: string): ExportedDeclaration {
  const start = text.search(new RegExp(`^${keywords} ${name}\\b`, "m"));
  if (start === -1) throw new Error(`${file} does not declare ${name}.`);
  const above = text.slice(0, start);
  const comment = above.slice(above.lastIndexOf("/**"));
  const isFunction = /^export (?:async )?function/.test(text.slice(start));
  const body = isFunction ? text.slice(start, text.indexOf("\n}\n", start)) : "";
  const thrown = /^ {2,4}(?:if \(.*\) )?throw new UnitrainError\(\s*"([A-Z_]+)"/gm;
  return {
    name,
    file,
    docstring: above.endsWith("*/\n") && comment.startsWith("/**") ? comment : "",
    thrownCodes: [...body.matchAll(thrown)].map(([, code = ""]) => code),
  };
}

function listNames(names: string): readonly string[] {
  return names
    .split(",")
    .map((name) =>
      name
        .trim()
        .replace(/^type /, "")
        .replace(/ as .*$/, ""),
    )
    .filter((name) => name !== "");
}

const keywords = "export (?:declare )?(?:async )?(?:function\\*?|const|class|interface|type)";
const declaration = new RegExp(`^${keywords} (\\w+)`, "gm");
/** Modules of other packages are not followed, because their own entry points are checked. */
const exportFrom = /^export (?:type )?(?:\{([^}]*)\}|\*) from "(\.[^"]+)";/gm;
