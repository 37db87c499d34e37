import { readFileSync } from "node:fs";

/** This package's version, when that is all that is asked for. */
export function versionAsked([first]: readonly string[]): string | undefined {
  if (first !== "--version" && first !== "-V") return undefined;
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return `${(JSON.parse(text) as { readonly version: string }).version}\n`;
}
