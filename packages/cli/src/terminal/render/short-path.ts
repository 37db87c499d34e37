import { isAbsolute, relative, sep } from "node:path";

/** Makes a path below the working folder relative, so that it is short and can be copied. */
export function shortenPath(path: string, folder: string): string {
  const short = relative(folder, path);
  return short === "" || short === ".." || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short;
}
