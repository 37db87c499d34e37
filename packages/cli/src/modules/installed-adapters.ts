import { type AdapterPackage, readAdapterPackage } from "./adapter-package.ts";
import { readProjectDependencies } from "./project-dependencies.ts";

const kinds = ["provider", "framework", "plugin"] as const;

/** An adapter package that the project depends on. None of its code has run. */
export interface InstalledAdapter {
  readonly kind: (typeof kinds)[number];
  readonly name: string;
  /** The word that names it, after `--on` or `--framework`: `desk`, or `npm:@me/cloud`. */
  readonly word: string;
  /** Undefined if it is not installed. */
  readonly found: AdapterPackage | undefined;
}

/** Lists the packages that a folder's project depends on and that are adapters by their name or their keywords. */
export function listInstalledAdapters(folder: string): readonly InstalledAdapter[] {
  return readProjectDependencies(folder).names.flatMap((name): readonly InstalledAdapter[] => {
    const found = readAdapterPackage(name, folder);
    const kind =
      kinds.find((candidate) => name.startsWith(`unitrain-${candidate}-`)) ??
      kinds.find((candidate) => found?.keywords.includes(`unitrain-${candidate}`));
    // Ours come with this package.
    if (kind === undefined || name.startsWith("@unitrain/")) return [];
    const prefix = `unitrain-${kind}-`;
    const word = name.startsWith(prefix) ? name.slice(prefix.length) : `npm:${name}`;
    return [{ kind, name, word, found }];
  });
}
