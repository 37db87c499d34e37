import { library } from "../../tsup.base.ts";

export default {
  ...library(["src/index.ts"]),
  // Built in, as development dependencies: fewer files to find at each start (see NOTICE.md).
  noExternal: ["zod"],
};
