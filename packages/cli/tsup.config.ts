import { filesOfTheirOwn, library, loadedAtEachStart } from "../../tsup.base.ts";

export default {
  ...library([
    "src/index.ts",
    "src/bin.ts",
    "src/app.ts",
    "src/answer.ts",
    "src/settings/config/check-config.ts",
  ]),
  ...filesOfTheirOwn("./app.ts", "./answer.ts"),
  ...loadedAtEachStart(["app.js"], /ssh-config|semver|src\/(?:doctor|init|signals|runs)\//),
  // Loaded where there is a configuration file: Node finds it by the package's own imports.
  external: ["#check-config"],
  // Built in, as development dependencies: fewer files to find at each start (see NOTICE.md).
  noExternal: ["@unitrain/view", "commander", "leven", "semver", "ssh-config", "zod"],
};
