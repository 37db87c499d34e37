import { registerHooks } from "node:module";

/**
 * Imports a configuration as it is: Node strips its types. Two things are smoothed, for this import only: whatever the
 * `package.json` beside it says, it is an ES module; and `@unitrain/…` that is not installed there (`npx @unitrain/cli`) is ours.
 */
export async function importConfig(url: string): Promise<{ readonly default?: unknown }> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === url) return { ...next(specifier, context), format: formatOf(url) };
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

function formatOf(url: string): string {
  return /\.m?ts$/.test(url) ? "module-typescript" : "module";
}
