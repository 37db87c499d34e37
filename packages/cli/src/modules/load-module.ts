import { clouds } from "./clouds.ts";
import { bundledFrameworks } from "./default-framework.ts";
import { importFile, withOwnPackages } from "./import-file.ts";

export type LoadModule = (module: string) => Promise<unknown>;

/** Creates a function that loads the modules of adapters. Ours are loaded from this package's dependencies, and third-party ones as an `import` in the folder would be. */
export function loadModuleFrom(folder: string): LoadModule {
  return async (module) => {
    const loadBundled = bundledModules[module];
    if (loadBundled !== undefined) return loadBundled();
    if (module.startsWith("file:")) return importFile(module);
    const { importFromFolder } = await import("@unitrain/core");
    return withOwnPackages(() => importFromFolder(module, folder));
  };
}

/** Returns whether a module comes with this package. */
export function isBundled(module: string): boolean {
  return bundledModules[module] !== undefined;
}

/** Our modules. They are listed one by one, so that a bundler and a reader see what can be loaded. */
const bundledModules: Readonly<Record<string, () => Promise<unknown>>> = {
  "@unitrain/provider-local": () => import("@unitrain/provider-local"),
  "@unitrain/provider-ssh": () => import("@unitrain/provider-ssh"),
  ...Object.fromEntries(clouds.map(({ module, load }) => [module, load])),
  "@unitrain/transport-ssh": () => import("@unitrain/transport-ssh"),
  ...Object.fromEntries(
    bundledFrameworks.flatMap(({ module, load, loadCommandLine }) => [
      [module, load],
      [`${module}/command-line`, loadCommandLine],
    ]),
  ),
};
