import { createRequire } from "node:module";
import { join } from "node:path";
import { library } from "../../tsup.base.ts";

const yamlFolder = join(createRequire(import.meta.url).resolve("yaml/package.json"), "..");

export default {
  ...library(["src/index.ts", "src/check-all.ts", "src/convert/convert.ts"]),
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
