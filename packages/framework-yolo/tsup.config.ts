import { createRequire } from "node:module";
import { join } from "node:path";
import { filesOfTheirOwn, library } from "../../tsup.base.ts";

const yamlFolder = join(createRequire(import.meta.url).resolve("yaml/package.json"), "..");

const framework = {
  ...library(["src/index.ts", "src/check-all.ts", "src/convert/convert.ts"]),
  // Built at the same time: what it has written stays.
  clean: ["!command-line.*"],
  // Built in, as development dependencies: 180 files fewer to find at each start (see NOTICE.md).
  noExternal: ["csv-parse", "ignore", "leven", "pend", "yaml", "yauzl", "zod"],
  esbuildOptions(options: { alias?: Record<string, string> }) {
    // The same library as ES modules, which esbuild builds in without a function around each of its 70 files.
    options.alias = { yaml: join(yamlFolder, "browser/index.js") };
  },
  // yauzl is CommonJS and requires modules of Node, which an ES module has no `require` for.
  banner: {
    js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
  },
};

/** One file that needs no other: it is read at each start and for the help, and what it shares with the framework is small. */
const commandLine = {
  ...library(["src/command-line.ts"]),
  ...filesOfTheirOwn("./index.ts"),
  noExternal: ["@unitrain/core"],
  clean: false,
};

export default [framework, commandLine];
