import { defineConfig } from "vitest/config";
import { conditions } from "./vitest.base.ts";

/** Sweeps, long fuzzing, oracles that ask Ultralytics itself: what takes minutes. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "long",
    environment: "node",
    include: ["packages/*/src/**/*.long-test.ts", "tests/src/**/*.long-test.ts"],
    // Most tests wait for a process or a disk.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
