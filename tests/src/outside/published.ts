import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface PublishedPackage {
  readonly name: string;
  /** Relative to the root of the repository. */
  readonly folder: string;
  /** What `import` takes: `@unitrain/core`, `@unitrain/core/spec`. */
  readonly entries: readonly string[];
  /** Entries that run a program when they are imported. */
  readonly programs: readonly string[];
  readonly dependencies: readonly string[];
  readonly commands: readonly string[];
}

interface PackageManifest {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Lists the packages that a release publishes, by what their manifests say. A new one needs no entry anywhere. */
export function listPublishedPackages(): readonly PublishedPackage[] {
  return globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => ({
      folder: dirname(path),
      manifest: JSON.parse(readFileSync(join(root, path), "utf8")) as PackageManifest,
    }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest: { name, bin = {}, exports = {}, dependencies = {} } }) => {
      const paths = Object.keys(exports).filter((path) => path !== "./package.json");
      const isProgram = (path: string) => path === "./bin";
      const toEntry = (path: string) => name + path.slice(1);
      return {
        name,
        folder,
        entries: paths.filter((path) => !isProgram(path)).map(toEntry),
        programs: paths.filter(isProgram).map(toEntry),
        dependencies: Object.keys(dependencies).sort(),
        commands: typeof bin === "string" ? [name.replace(/^@.*\//, "")] : Object.keys(bin),
      };
    });
}
