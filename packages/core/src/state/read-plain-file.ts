import { readFileSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";

/** Reads a text file. Throws for anything that is not a file, because opening a named pipe would wait forever. */
export async function readPlainFile(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw notAFile(path);
  return readFile(path, "utf8");
}

export function readPlainFileSync(path: string): string {
  if (!statSync(path).isFile()) throw notAFile(path);
  return readFileSync(path, "utf8");
}

/** Whether the path can be opened without waiting, because it is a file or does not exist. */
export async function isMissingOrPlain(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    (error) => error.code === "ENOENT",
  );
}

function notAFile(path: string): Error {
  return new Error(`${path} is not a file`);
}
