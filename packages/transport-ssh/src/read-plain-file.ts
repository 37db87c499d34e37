import { readFile, stat } from "node:fs/promises";

/** Reads a file of text. Anything else in its place is an error: opening a named pipe would wait for ever. */
export async function readPlainFile(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error(`${path} is not a file`);
  return readFile(path, "utf8");
}
