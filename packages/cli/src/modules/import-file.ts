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
    resolve(specifier, context, next) {
      if (specifier === url && isModule) return { ...next(specifier, context), format: getModuleFormat(url) };
      try {
        return next(specifier, context);
      } catch (error) {
        if (!specifier.startsWith("@unitrain/")) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
  try {
    return await import(url);
  } finally {
    hooks.deregister();
  }
}

function getModuleFormat(url: string): string {
  return /\.m?ts$/.test(url) ? "module-typescript" : "module";
}
