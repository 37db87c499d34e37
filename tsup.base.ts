import { resolve } from "node:path";
import { defineConfig, type Options } from "tsup";
import { compileFunctionsAhead } from "./tsup.eager.ts";

/** esbuild's own options, as far as packages set them. */
interface EsbuildOptions {
  alias?: Record<string, string>;
  charset?: "ascii" | "utf8";
  mainFields?: string[];
}

/**
 * How every published package is built: ESM and types, from the entries given. `adjust` sets options of esbuild that only some
 * packages need.
 */
export const library = (entry: string[], adjust: (options: EsbuildOptions) => void = () => {}) =>
  defineConfig({
    entry: nameEntries(entry),
    format: ["esm"],
    target: "node22",
    platform: "node",
    dts: true,
    sourcemap: true,
    clean: true,
    // tsup's default (true) rewrites "node:sqlite" to "sqlite", which does not resolve.
    removeNodeProtocol: false,
    plugins: [builtinsWithoutFacades],
    esbuildOptions(options) {
      // A single `…` makes Node keep a whole file in two bytes per character, which takes twice as long to read and to compile.
      options.charset = "ascii";
      adjust(options);
    },
  });

/** Names entries by their paths, so that an entry keeps its folder: `spec/index` stays below `dist/spec`. */
export const nameEntries = (files: readonly string[]): Record<string, string> =>
  Object.fromEntries(files.map((file) => [file.replace(/^src\//, "").replace(/\.ts$/, ""), file]));

/** Modules of which only functions are used, and not by every command. What they bring along takes 3 to 7 ms to load. */
const loadedAtFirstCall = ["node:child_process", "node:crypto", "node:net"];

/**
 * Takes Node's own modules without `import`: an import looks at each of a module's exports, and so loads streams, argon2 and
 * more that nobody uses, at each start. `bin.js` must also begin in an old Node, which has no such call, to say that it is too old.
 */
const builtinsWithoutFacades: NonNullable<Options["plugins"]>[number] = {
  name: "Node's own modules without an import",
  renderChunk(code, { path, map }) {
    const isEntry = path.endsWith("/bin.js");
    const imports = /^import (?:(\w+)|\* as (\w+)|\{([^}]*)\}) from "(node:[^"]+)";/gm;
    const taken = (_: string, byDefault?: string, whole?: string, names = "", module = "") => {
      const get = `process.getBuiltinModule${isEntry ? "?." : ""}("${module}")${isEntry ? " ?? {}" : ""}`;
      const pairs = names.split(",").map((name) => name.trim().split(" as "));
      if (isEntry || !loadedAtFirstCall.includes(module) || pairs.some(([name]) => /^[A-Z]/.test(name ?? "")))
        return `const ${byDefault ?? whole ?? `{${names.replaceAll(" as ", ": ")}}`} = ${get};`;
      const object = byDefault ?? whole;
      if (object !== undefined) return `const ${object} = new Proxy({}, { get: (_, name) => ${get}[name] });`;
      return pairs
        .map(([name = "", local = name]) => `const ${local} = ${calledLater(`${get}.${name}`)};`)
        .join(" ");
    };
    return { code: code.replace(imports, taken), map };
  },
};

/** Stands in for a function, also where `promisify` asks it for its own variant. */
const calledLater = (expression: string): string =>
  `Object.defineProperty((...words) => ${expression}(...words), Symbol.for("nodejs.util.promisify.custom"), { get: () => ${expression}[Symbol.for("nodejs.util.promisify.custom")] })`;

/**
 * For entries that most commands load: built files, by their path below `dist`, whose functions are compiled before they are called,
 * except for those of modules whose path is `seldomCalled`.
 */
export const loadedAtEachStart = (files: readonly string[], seldomCalled?: RegExp) => ({
  plugins: [compileFunctionsAhead(files, seldomCalled), builtinsWithoutFacades],
});

interface Resolving {
  onResolve(
    options: { filter: RegExp },
    resolve: (imported: {
      path: string;
      resolveDir: string;
      kind: string;
    }) => { path: string; external: true } | undefined,
  ): void;
}

/**
 * For entries that are built as one file each: modules of this package that are entries too and stay files of their own, by their
 * path below `src`. Many small files that entries share take longer to find at a start than large ones to read.
 */
export const filesOfTheirOwn = (...modules: readonly string[]) => ({
  splitting: false,
  esbuildPlugins: modules.map((module) => ({
    name: `${module} is a file of its own`,
    setup: (build: Resolving) =>
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) =>
        // However it is imported: all that is built lies side by side.
        kind !== "entry-point" && resolve(resolveDir, path) === resolve("src", module)
          ? { path: module.replace(/\.ts$/, ".js"), external: true }
          : undefined,
      ),
  })),
});
