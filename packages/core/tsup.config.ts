import { rmSync } from "node:fs";
import { filesOfTheirOwn, library, loadedAtEachStart, nameEntries } from "../../tsup.base.ts";

// Once, because all are built at the same time into the same folder.
rmSync(new URL("dist", import.meta.url), { recursive: true, force: true });

const build = (entry: string) => ({
  ...library([entry], (options) => {
    // What is written as ES modules is built in without the parts that nobody uses.
    options.mainFields = ["module", "main"];
  }),
  ...loadedAtEachStart(["index.js", "spec/index.js"], /src\/(?:run|lease|recovery|follow)\//),
  clean: false,
  dts: false,
  // Built in, as development dependencies: fewer files to find at each start (see NOTICE.md).
  noExternal: ["env-paths", "ignore", "is-safe-filename", "leven", "p-queue", "unique-names-generator"],
});

/** The contract is one file for all who import it, adapters too. */
const withoutContract = { ...filesOfTheirOwn("./spec/index.ts"), splitting: true };

/** For all entries together, so that each type is declared once. */
const types = {
  dts: {
    entry: nameEntries(["src/index.ts", "src/code/index.ts", "src/http/index.ts", "src/spec/index.ts"]),
  },
};

/** Each entry is built by itself: every file that they shared would take half a millisecond to find and to link at each start. */
export default [
  { ...build("src/index.ts"), ...withoutContract, ...types },
  { ...build("src/guardian-process.ts"), ...withoutContract },
  build("src/spec/index.ts"),
  build("src/http/index.ts"),
  build("src/code/index.ts"),
];
