import { defineConfig, mergeConfig } from "vitest/config";
import { project, reporters } from "./vitest.base.ts";

/** The code blocks of the documentation, compiled. */
const documentation = mergeConfig(project("documentation"), {
  test: { include: ["tests/src/**/*.example-test.ts"] },
});

/** What is in `examples/`, run as a reader would run it: real trainings, a tier of their own. */
export default defineConfig({
  test: { projects: ["examples", documentation], reporters: reporters("examples") },
});
