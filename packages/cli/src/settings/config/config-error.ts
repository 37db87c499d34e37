import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";
import { UnitrainError } from "@unitrain/core/spec";

/** Creates the error for a configuration that could not be loaded. It names the file, the line if it is known, and the problem. */
export async function createConfigError(error: unknown, path: string, file: string): Promise<UnitrainError> {
  const line =
    findLine(error, path) ?? (error instanceof SyntaxError ? await findLineOfSyntaxError(path) : undefined);
  const place = line === undefined ? file : `${file}:${line}`;
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  if (UnitrainError.isInstance(error)) {
    return new UnitrainError("INVALID_OPTIONS", `${place}: ${message}`, {
      hint: error.hint,
      action: error.action,
      cause: error,
    });
  }
  return new UnitrainError("INVALID_OPTIONS", `${place} ${describeFailure(error)}: ${message}`, {
    hint: createHint(error) ?? "Fix the file, or pass --no-config to run without it.",
    cause: error,
  });
}

function describeFailure(error: unknown): string {
  if (error instanceof SyntaxError)
    return isMissingExport(error) ? "imports a name that does not exist" : "does not parse";
  return getErrorCode(error) === "ERR_MODULE_NOT_FOUND" ? "imports a module that is not installed" : "throws";
}

function createHint(error: unknown): string | undefined {
  if (getErrorCode(error) === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX")
    return "Remove enums, namespaces and parameter properties: Node runs the file and only strips its types.";
  if (getErrorCode(error) === "ERR_MODULE_NOT_FOUND")
    return "Install the module in this folder: npm install …";
  return undefined;
}

/** Returns whether an import names something that its module does not export, which Node reports as a syntax error. */
function isMissingExport(error: SyntaxError): boolean {
  return error.message.includes("does not provide an export");
}

function getErrorCode(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}

/** Finds the line in the stack of an error, which names the file as a path or as a URL. */
function findLine(error: unknown, path: string): number | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.indexOf(`${name}:`);
    const line = at === -1 ? undefined : /^\d+/.exec(stack.slice(at + name.length + 1))?.[0];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}

/** Finds the line of a syntax error with the TypeScript parser, because Node does not report the line for plain JavaScript. */
async function findLineOfSyntaxError(path: string): Promise<number | undefined> {
  try {
    stripTypeScriptTypes(await readFile(path, "utf8"), { sourceUrl: path });
    return undefined;
  } catch (error) {
    return findLine(error, path);
  }
}
