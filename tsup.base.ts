import { defineConfig } from "tsup";

/** How every published package is built: ESM and types, from the entries given. */
export const library = (entry: string[]) =>
  defineConfig({
    // An object keeps the folder of an entry: `spec/index` stays below `dist/spec`.
    entry: Object.fromEntries(entry.map((file) => [file.replace(/^src\//, "").replace(/\.ts$/, ""), file])),
    format: ["esm"],
    target: "node22",
    platform: "node",
    dts: true,
    sourcemap: true,
    clean: true,
    // tsup's default (true) rewrites "node:sqlite" to "sqlite", which does not resolve.
    removeNodeProtocol: false,
  });

interface Resolving {
  onResolve(options: { filter: RegExp }, resolve: () => { path: string; external: true }): void;
}

/**
 * For entries that are built as one file each: modules of this package, as they are imported, that are entries too and stay
 * files of their own. Many small files that entries share take longer to find at a start than large ones to read.
 */
export const filesOfTheirOwn = (...modules: readonly string[]) => ({
  splitting: false,
  esbuildPlugins: modules.map((module) => ({
    name: `${module} is a file of its own`,
    setup: (build: Resolving) =>
      build.onResolve({ filter: new RegExp(`^${module.replaceAll(".", "\\.")}$`) }, () => ({
        path: module.replace(/\.ts$/, ".js"),
        external: true,
      })),
  })),
});
