import { defineConfig } from "vitest/config";
import { conditions } from "./vitest.base.ts";

/** Sweeps and long fuzzing: what takes minutes. Ten at most in all. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "long",
    environment: "node",
    include: ["packages/*/src/**/*.long-test.ts", "tests/src/**/*.long-test.ts"],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
