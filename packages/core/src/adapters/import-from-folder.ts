import { createRequire, registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports a module as a file in the folder would: by the `import` condition of its `exports`, from `node_modules` here or above, or
 * as Yarn's Plug'n'Play resolves it. `createRequire` would refuse a package that can only be imported. Nothing is installed.
 *
 * A module that is not found there is also looked for where the running program is, and in NODE_PATH: a program may be run in a folder
 * without packages, and an adapter that cannot be loaded cannot release what it rented.
 */
export async function importFromFolder(module: string, folder: string): Promise<unknown> {
  if (/^(file|node):/.test(module)) return import(module);
  try {
    return await importFrom(module, folder);
  } catch (error) {
    const found = isMissing(error, module) ? await importFromElsewhere(module, folder) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

async function importFrom(module: string, folder: string): Promise<unknown> {
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

async function importFromElsewhere(module: string, folder: string): Promise<unknown> {
  const [, program] = process.argv;
  if (program !== undefined) {
    try {
      return await importFrom(module, dirname(program));
    } catch (error) {
      if (!isMissing(error, module)) throw error;
    }
  }
  let path: string;
  try {
    path = createRequire(join(folder, "package.json")).resolve(module);
  } catch {
    return undefined;
  }
  return import(pathToFileURL(path).href);
}

/** Whether the module itself is missing, and not one that it imports. */
const isMissing = (error: unknown, module: string): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === "ERR_MODULE_NOT_FOUND" &&
  String((error as Error).message).includes(
    `'${module
      .split("/")
      .slice(0, module.startsWith("@") ? 2 : 1)
      .join("/")}'`,
  );
