import type { TestServerOptions } from "./test-server.ts";

/** Both ways to a machine, each of which is chosen by itself: what a test of commands and files says holds for either. */
export const bothWays: readonly (readonly [name: string, options: Pick<TestServerOptions, "certificate">])[] =
  [
    ["ssh2", {}],
    ["the ssh program", { certificate: true }],
  ];
