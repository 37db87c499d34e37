import { defineConfig } from "vitest/config";
import { reporters } from "./vitest.base.ts";

/** What is in `examples/`, run as a reader would run it: real trainings, a tier of their own. */
export default defineConfig({ test: { projects: ["examples"], reporters: reporters("examples") } });
