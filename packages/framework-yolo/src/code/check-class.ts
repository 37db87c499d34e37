import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ManifestEntry, UnitrainError } from "@unitrain/core/spec";
import { findNearest } from "../options/suggest.ts";
import { codeFolder } from "./code-folder.ts";
import { readPythonNames } from "./python-source.ts";

/**
 * Checks that a trainer or validator exists in the uploaded code, by reading the module's text. A module that is
 * missing is accepted when extra packages were requested, because it may come from one of them. Throws
 * `INVALID_OPTIONS`.
 */
export function checkClass(
  argument: string,
  path: string,
  code: string,
  entries: readonly ManifestEntry[],
  packages: readonly string[],
): void {
  if (path.startsWith("ultralytics.")) return;
  const parts = path.split(".");
  const name = parts.at(-1) ?? "";
  const module = parts.slice(0, -1);
  const files = new Map(entries.map((entry) => [entry.path.slice(codeFolder.length + 1), entry]));
  if (module.length === 0) throw createNoModuleError(argument, name, code, files);
  const base = module.join("/");
  const entry = files.get(`${base}.py`) ?? files.get(`${base}/__init__.py`);
  if (entry === undefined) {
    if (packages.length > 0 && ![...files.keys()].some((file) => file.startsWith(`${module[0]}/`))) return;
    throw createError(
      `${argument}=${path}: there is no module ${module.join(".")} in ${code}${isOnDisk(code, base) ? ", since git ignores it" : ""}.`,
      suggestModule(argument, name, files) ??
        `Name the folder with \`--code\` from which \`import ${module.join(".")}\` works.`,
    );
  }
  const { classes, functions, variables, importsAll } = readNames(entry);
  if (classes.includes(name) || variables.includes(name) || importsAll) return;
  const suggestion = findNearest(name, classes);
  throw createError(
    functions.includes(name)
      ? `${argument}=${path}: ${name} is a function, but must be a class.`
      : `${argument}=${path}: the module ${module.join(".")} has no class ${name}.`,
    suggestModule(argument, name, files) ??
      (suggestion !== undefined
        ? `Did you mean ${[...module, suggestion].join(".")}?`
        : `Its classes are: ${classes.slice(0, 8).join(", ") || "none"}.`),
  );
}

type Files = ReadonlyMap<string, ManifestEntry>;

function createNoModuleError(argument: string, name: string, code: string, files: Files): UnitrainError {
  return createError(
    `${argument}=${name} does not say in which module of ${code} the class is.`,
    suggestModule(argument, name, files) ??
      `Write it as Python imports it: \`${argument}=mypkg.module.${name}\`.`,
  );
}

/** Suggests the module that defines a class of that name. */
function suggestModule(argument: string, name: string, files: Files): string | undefined {
  for (const [file, entry] of files) {
    if (!file.endsWith(".py") || !readNames(entry).classes.includes(name)) continue;
    const module = file.replace(/(?:^|\/)__init__\.py$|\.py$/, "").replaceAll("/", ".");
    return `Did you mean ${argument}=${module}.${name}?`;
  }
  return undefined;
}

function readNames({ from }: ManifestEntry) {
  return readPythonNames(
    "file" in from ? readFileSync(from.file, "utf8") : Buffer.from(from.bytes).toString(),
  );
}

const isOnDisk = (code: string, base: string): boolean =>
  existsSync(join(resolve(code), `${base}.py`)) || existsSync(join(resolve(code), base, "__init__.py"));

const createError = (message: string, hint: string) =>
  new UnitrainError("INVALID_OPTIONS", message, { hint });
