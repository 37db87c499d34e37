import { defineConfig } from "vitest/config";
import { reporters } from "./vitest.base.ts";

export default defineConfig({
  test: { projects: ["packages/*", "tests"], reporters: reporters("tests") },
});
