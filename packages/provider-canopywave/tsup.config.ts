import { library } from "../../tsup.base.ts";

export default {
  ...library(["src/index.ts"]),
  // Built in, as a development dependency: one package fewer to install and to find at a start (see NOTICE.md).
  noExternal: ["leven"],
};
