import { readFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** An installed package, as its `package.json` describes it. None of its code has run. */
export interface AdapterPackage {
  readonly name: string;
  /** Undefined if its package.json has none. */
  readonly version: string | undefined;
  readonly folder: string;
  readonly keywords: readonly string[];
  /** The versions of `@unitrain/core` that it works with; undefined if it does not say so. */
  readonly coreRange: string | undefined;
}

/** Reads the package of a module, which may be one of its entries, as seen from a folder. Returns undefined if it is not installed there. */
export function readAdapterPackage(module: string, folder: string): AdapterPackage | undefined {
  const name = getPackageName(module);
  const path = findManifest(name, folder);
  if (path === undefined) return undefined;
  const { version, keywords, peerDependencies } = parseManifest(path);
  const coreRange = (peerDependencies as Readonly<Record<string, unknown>> | undefined)?.["@unitrain/core"];
  return {
    name,
    version: typeof version === "string" ? version : undefined,
    folder: dirname(path),
    keywords: Array.isArray(keywords) ? keywords.filter((word) => typeof word === "string") : [],
    coreRange: typeof coreRange === "string" ? coreRange : undefined,
  };
}

/** Names a module for an error: `unitrain-provider-desk 1.2.0 (/project/node_modules/unitrain-provider-desk)`, or the path of a file. */
export function describeModule(module: string, folder: string): string {
  if (module.startsWith("file:")) return fileURLToPath(module);
  const found = readAdapterPackage(module, folder);
  if (found === undefined) return module;
  return `${[module, found.version ?? ""].join(" ").trim()} (${found.folder})`;
}

/** Returns the name of the package that contains a module: `@me/cloud` for `@me/cloud/pool`. */
function getPackageName(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Finds the `package.json` of a package even if its `exports` do not contain it. */
function findManifest(name: string, folder: string): string | undefined {
  const base = join(folder, "package.json");
  try {
    return findPackageJSON(name, pathToFileURL(base));
  } catch {
    // Yarn's Plug'n'Play has no node_modules, and answers only `require`.
  }
  try {
    return createRequire(base).resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
}

function parseManifest(path: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
