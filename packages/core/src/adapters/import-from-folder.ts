import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports a module as a file in the folder would: by the `import` condition of its `exports`, from `node_modules` here or above, or
 * as Yarn's Plug'n'Play resolves it. `createRequire` would refuse a package that can only be imported. Nothing is installed.
 */
export async function importFromFolder(module: string, folder: string): Promise<unknown> {
  if (/^(file|node):/.test(module)) return import(module);
  const parentURL = pathToFileURL(join(folder, "package.json")).href;
  // An empty module, which the hook replaces, because `import()` itself resolves names only from this file.
  const request = `data:text/javascript,//${encodeURIComponent(`${module} from ${parentURL}`)}`;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === request ? next(module, { ...context, parentURL }) : next(specifier, context),
  });
  try {
    return await import(request);
  } finally {
    hooks.deregister();
  }
}
