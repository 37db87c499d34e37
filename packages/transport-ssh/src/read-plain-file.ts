import { readFile, stat } from "node:fs/promises";

/** Reads a text file. Throws when the path is not a regular file, because opening a named pipe would wait for ever. */
export async function readPlainFile(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error(`${path} is not a file`);
  return readFile(path, "utf8");
}
