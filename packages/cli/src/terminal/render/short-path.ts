import { isAbsolute, relative, sep } from "node:path";

/** Relative to the working folder where it lies below it, so that it can be copied and read. */
export function shortenPath(path: string, folder: string): string {
  const short = relative(folder, path);
  return short === "" || short === ".." || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short;
}
