import { library } from "../../tsup.base.ts";

const entries = ["src/index.ts", "src/http/index.ts", "src/spec/index.ts", "src/guardian-process.ts"];

export default {
  ...library(entries, (options) => {
    // What is written as ES modules is built in without the parts that nobody uses.
    options.mainFields = ["module", "main"];
  }),
  // Built in, as development dependencies: fewer files to find at each start (see NOTICE.md).
  noExternal: ["env-paths", "is-safe-filename", "unique-names-generator"],
};
