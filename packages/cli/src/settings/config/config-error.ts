import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";
import { UnitrainError } from "@unitrain/core/spec";

/** What an error while a configuration was read means: the file, the line where one is known, and what is wrong there. */
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
    hint: createHint(error) ?? "Fix it there; --no-config goes on without it.",
    cause: error,
  });
}

function describeFailure(error: unknown): string {
  if (error instanceof SyntaxError)
    return isMissingExport(error) ? "imports what is not there" : "does not parse";
  return getErrorCode(error) === "ERR_MODULE_NOT_FOUND" ? "imports what is not there" : "throws";
}

function createHint(error: unknown): string | undefined {
  if (getErrorCode(error) === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX")
    return "Node runs it as it is and only strips types: enums, namespaces and parameter properties cannot stay.";
  if (getErrorCode(error) === "ERR_MODULE_NOT_FOUND") return "Install it in this folder: npm install …";
  return undefined;
}

/** Node calls it a fault of syntax. */
function isMissingExport(error: SyntaxError): boolean {
  return error.message.includes("does not provide an export");
}

function getErrorCode(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}

/** From the stack: errors of ours and of Node name file and line there, as a path or as a URL. */
function findLine(error: unknown, path: string): number | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.indexOf(`${name}:`);
    const line = at === -1 ? undefined : /^\d+/.exec(stack.slice(at + name.length + 1))?.[0];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}

/** Node keeps the line of a fault in plain JavaScript to itself; the parser for TypeScript tells it. */
async function findLineOfSyntaxError(path: string): Promise<number | undefined> {
  try {
    stripTypeScriptTypes(await readFile(path, "utf8"), { sourceUrl: path });
    return undefined;
  } catch (error) {
    return findLine(error, path);
  }
}
