import { rmSync } from "node:fs";
import { library } from "../../tsup.base.ts";

// Once, because both are built at the same time into the same folder.
rmSync(new URL("dist", import.meta.url), { recursive: true, force: true });

/** Built in without what nobody uses of them: fewer files to find at each start (see NOTICE.md). */
const common = { clean: false, noExternal: ["re2js", "zod"] };

/** The second is read for the help and completions too, and so stays small. */
export default [
  { ...library(["src/index.ts"]), ...common },
  { ...library(["src/command-line.ts"]), ...common },
];
