import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** Real installations of Ultralytics on bare machines: gigabytes, and a tier of their own. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "environments",
    environment: "node",
    include: ["packages/*/src/**/*.environment-test.ts"],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 600_000,
    reporters: reporters("environments"),
  },
});
