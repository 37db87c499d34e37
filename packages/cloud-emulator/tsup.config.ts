import { library } from "../../tsup.base.ts";

export default library([
  "src/canopywave/index.ts",
  "src/lambda/index.ts",
  "src/runpod/index.ts",
  "src/bin.ts",
]);
