import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** The pages of the site, as `npm run docs:build` has written them, also in a browser. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "docs",
    environment: "node",
    include: ["docs/test/**/*.docs-test.ts"],
    testTimeout: 240_000,
    hookTimeout: 60_000,
    reporters: reporters("docs"),
  },
});
