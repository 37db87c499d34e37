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
