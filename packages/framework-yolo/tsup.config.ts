import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { filesOfTheirOwn, library, loadedAtEachStart } from "../../tsup.base.ts";

const yamlFolder = join(createRequire(import.meta.url).resolve("yaml/package.json"), "..");

/** What only some trainings need, and loads when it is needed. */
const loadedWhenNeeded = [
  "./artifacts/is-complete.ts",
  "./code/own-code.ts",
  "./convert/convert.ts",
  "./convert/unsplit.ts",
  "./dataset/any-yaml.ts",
  "./dataset/archive.ts",
  "./dataset/yaml-text.ts",
  "./options/model-code.ts",
  "./options/model-task.ts",
];

// Once, because all are built at the same time into the same folder.
rmSync(new URL("dist", import.meta.url), { recursive: true, force: true });

const common = {
  clean: false,
  // Built in, as development dependencies: 180 files fewer to find at each start (see NOTICE.md).
  noExternal: ["csv-parse", "leven", "pend", "yaml", "yauzl", "zod"],
};

/** What each `plan` loads: one file each, since every file that they shared would take half a millisecond to find and to link. */
const framework = {
  ...library(["src/index.ts"]),
  ...filesOfTheirOwn("./check-all.ts", ...loadedWhenNeeded),
  ...loadedAtEachStart(["index.js"]),
  ...common,
};

const check = {
  ...library(["src/check-all.ts"]),
  ...filesOfTheirOwn(...loadedWhenNeeded),
  ...loadedAtEachStart(["check-all.js"]),
  dts: false,
  ...common,
};

const others = {
  ...library(
    loadedWhenNeeded.map((module) => module.replace("./", "src/")),
    (options) => {
      // The same library as ES modules, which esbuild builds in without a function around each of its 70 files.
      options.alias = { yaml: join(yamlFolder, "browser/index.js") };
    },
  ),
  dts: false,
  ...common,
  // yauzl is CommonJS and requires modules of Node, which an ES module has no `require` for.
  banner: {
    js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
  },
};

/** One file that needs no other: it is read at each start and for the help, and what it shares with the framework is small. */
const commandLine = {
  ...library(["src/command-line.ts"]),
  ...filesOfTheirOwn("./index.ts"),
  ...loadedAtEachStart(["command-line.js"]),
  noExternal: ["@unitrain/core"],
  clean: false,
};

export default [framework, check, others, commandLine];
