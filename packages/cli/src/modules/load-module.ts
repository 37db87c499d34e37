import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { defaultFramework } from "./default-framework.ts";
import { importFile } from "./import-file.ts";

export type LoadModule = (module: string) => Promise<unknown>;

/** Creates a function that loads the modules of adapters. Ours are loaded from this package's dependencies, and third-party ones from the working folder. */
export function loadModuleFrom(folder: string): LoadModule {
  return async (module) => {
    const loadBundled = bundledModules[module];
    if (loadBundled !== undefined) return loadBundled();
    if (module.startsWith("file:")) return importFile(module);
    return import(resolvedFrom(module, folder));
  };
}

/** Our modules. They are listed one by one, so that a bundler and a reader see what can be loaded. */
const bundledModules: Readonly<Record<string, () => Promise<unknown>>> = {
  "@unitrain/provider-local": () => import("@unitrain/provider-local"),
  "@unitrain/provider-ssh": () => import("@unitrain/provider-ssh"),
  "@unitrain/provider-canopywave": () => import("@unitrain/provider-canopywave"),
  "@unitrain/transport-ssh": () => import("@unitrain/transport-ssh"),
  [defaultFramework.module]: defaultFramework.load,
  [`${defaultFramework.module}/command-line`]: defaultFramework.loadCommandLine,
};

function resolvedFrom(module: string, folder: string): string {
  return pathToFileURL(createRequire(join(folder, "package.json")).resolve(module)).href;
}
