import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** A real Slurm with two nodes on this computer, which the tests start and end themselves. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "cluster",
    environment: "node",
    include: ["tests/src/**/*.cluster-test.ts"],
    // A job takes a few seconds from the queue to its end, most of them spent waiting.
    maxConcurrency: 12,
    maxWorkers: 1,
    retry: process.env.CI ? 1 : 0,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: reporters("cluster"),
  },
});
