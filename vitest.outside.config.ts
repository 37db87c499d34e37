import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** What a stranger sees: the packed packages, installed in empty folders by npm and pnpm and published to a local registry. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "outside",
    environment: "node",
    include: ["tests/src/**/*.outside-test.ts"],
    maxWorkers: 2,
    // A registry may fail once.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: reporters("outside"),
  },
});
