import { readFileSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";

/** Reads a file of text. Anything else in its place is an error: opening a named pipe would wait for ever. */
export async function readPlainFile(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw notAFile(path);
  return readFile(path, "utf8");
}

export function readPlainFileSync(path: string): string {
  if (!statSync(path).isFile()) throw notAFile(path);
  return readFileSync(path, "utf8");
}

/** Whether a file can be opened without waiting: there is none yet, or it is one. */
export async function isMissingOrPlain(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    (error) => error.code === "ENOENT",
  );
}

function notAFile(path: string): Error {
  return new Error(`${path} is not a file`);
}
