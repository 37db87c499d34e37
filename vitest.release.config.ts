import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** A release, rehearsed in a clone with a registry on this computer: versions, changelogs, publication, and what users then do. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "release",
    environment: "node",
    include: ["tests/src/release/*.release-test.ts"],
    testTimeout: 240_000,
    hookTimeout: 330_000,
    reporters: reporters("release"),
  },
});
