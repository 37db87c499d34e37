import { library } from "../../tsup.base.ts";

export default library([
  "src/index.ts",
  "src/http/index.ts",
  "src/spec/index.ts",
  "src/guardian/guardian.ts",
]);
