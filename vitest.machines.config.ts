import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** Many real processes: whole runs whose processes are killed, on this computer, over a real sshd and on an emulated cloud, refused commands, and lost connections. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "machines",
    environment: "node",
    include: ["packages/*/src/**/*.machine-test.ts", "tests/src/**/*.machine-test.ts"],
    // Most tests wait for a process or a disk.
    maxWorkers: 2,
    // As in `npm test`: real processes on a busy computer are given a second try, which the report names.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: reporters("machines"),
  },
});
