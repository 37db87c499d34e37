import { readFileSync } from "node:fs";

/** Returns the version of this package if the command line asks for it, or else undefined. */
export function isVersionRequested([first]: readonly string[]): string | undefined {
  if (first !== "--version" && first !== "-V") return undefined;
  const file = import.meta.url.endsWith(".ts") ? "../../package.json" : "../package.json";
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  return `${(JSON.parse(text) as { readonly version: string }).version}\n`;
}
