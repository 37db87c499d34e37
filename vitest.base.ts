import { defineProject } from "vitest/config";

/** How every package is tested: from source, on the real parts of this computer. */
export const project = (name: string) =>
  defineProject({
    ssr: {
      resolve: { conditions: ["@unitrain/source", "module", "node", "development|production"] },
    },
    test: {
      name,
      environment: "node",
      include: ["src/**/*.test.ts"],
      testTimeout: 30_000,
      hookTimeout: 60_000,
    },
  });
