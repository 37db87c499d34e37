import type { TestServerOptions } from "./test-server.ts";

export type Way = Pick<TestServerOptions, "certificate">;

/** Both ways to a machine, each of which is chosen by itself: what a test of commands and files says holds for either. */
export const bothWays: readonly (readonly [name: string, options: Way])[] = [
  ["ssh2", {}],
  ["the ssh program", { certificate: true }],
];
