import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A package of this repository that is published, as the site shows it. */
export interface PublishedPackage {
  /** The name of its folder, which is also the name of its page: `provider-ssh`. */
  readonly folder: string;
  /** Its name in the registry: `@unitrain/provider-ssh`. */
  readonly name: string;
  readonly description: string;
  /** The source files of its entry points, by what programs import: `@unitrain/core/spec`. */
  readonly entryPoints: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** Lists the published packages by the name of their folder. A new folder below `packages/` needs no entry anywhere. */
export function listPackages(): readonly PublishedPackage[] {
  return globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => ({ path, manifest: JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ path, manifest }) => ({
      folder: basename(dirname(path)),
      name: manifest.name,
      description: manifest.description,
      entryPoints: listEntryPoints(dirname(path), manifest),
    }));
}

function listEntryPoints(folder: string, { name, exports = {} }: Manifest): Record<string, string> {
  const entries = Object.entries(exports).flatMap(([subpath, target]) => {
    const source = typeof target === "string" ? undefined : target["@unitrain/source"];
    // A program has no interface for other programs.
    return source === undefined || subpath === "./bin"
      ? []
      : [[name + subpath.slice(1), join(folder, source)]];
  });
  return Object.fromEntries(entries);
}
