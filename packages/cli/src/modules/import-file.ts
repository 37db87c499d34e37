import { registerHooks } from "node:module";

/**
 * Imports a file of the user. Node strips its types. If it imports `@unitrain/…` and that is not installed in its folder, as with
 * `npx @unitrain/cli`, it gets our copy. With `isModule` it is an ES module even if its `package.json` says otherwise.
 */
export async function importFile(
  url: string,
  { isModule = false }: { readonly isModule?: boolean } = {},
): Promise<{ readonly default?: unknown }> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === url && isModule
        ? { ...next(specifier, context), format: getModuleFormat(url) }
        : next(specifier, context),
  });
  try {
    return await withOwnPackages(() => import(url));
  } finally {
    hooks.deregister();
  }
}

/** Imports something of the user. What `@unitrain/…` it imports, and its own folder does not have, is our copy. */
export async function withOwnPackages<T>(importModule: () => Promise<T>): Promise<T> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!specifier.startsWith("@unitrain/")) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
  try {
    return await importModule();
  } finally {
    hooks.deregister();
  }
}

function getModuleFormat(url: string): string {
  return /\.m?ts$/.test(url) ? "module-typescript" : "module";
}
