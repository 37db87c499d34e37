import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Most tests wait for a process or a disk: two cores carry four of them.
    maxWorkers: 4,
    projects: ["packages/*", "tests", "examples"],
    // `.ci/run` adds its last line up from this report.
    reporters: process.env.CI ? ["default", ["json", { outputFile: "reports/vitest.json" }]] : ["default"],
  },
});
