import { defineProject } from "vitest/config";

/** From source: no build is needed before a test. */
export const conditions = ["@unitrain/source", "module", "node", "development|production"];

/** How every package is tested: on the real parts of this computer. */
export const project = (name: string) =>
  defineProject({
    ssr: { resolve: { conditions } },
    test: {
      name,
      environment: "node",
      include: ["{src,test}/**/*.test.ts"],
      // A process for each file would cost a third of a second each. Tests that change `process.env` put it back.
      isolate: false,
      // Most tests wait for a process or a disk.
      maxWorkers: 2,
      // In CI real processes on a busy computer are given a second try, which the report names. What fails twice is broken.
      retry: process.env.CI ? 1 : 0,
      testTimeout: 90_000,
      hookTimeout: 60_000,
    },
  });

/** In CI each tier leaves a report, from which `.ci/run` adds up its last line. */
export const reporters = (tier: string): ("default" | ["json", { outputFile: string }])[] =>
  process.env.CI ? ["default", ["json", { outputFile: `reports/${tier}.json` }]] : ["default"];
