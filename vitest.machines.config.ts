import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** Whole runs, by processes that are killed: on machines of an emulated cloud, and over a real sshd. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "machines",
    environment: "node",
    include: ["tests/src/**/*.machine-test.ts"],
    // Most tests wait for a process or a disk.
    maxWorkers: 2,
    // As in `npm test`: real processes on a busy computer are given a second try, which the report names.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: reporters("machines"),
  },
});
