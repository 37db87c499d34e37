import type { TestServerOptions } from "./test-server.ts";

export type LoginWay = Pick<TestServerOptions, "certificate">;

/** Both ways to a machine, each of which is chosen by itself: what a test of commands and files says holds for either. */
export const bothLoginWays: readonly (readonly [name: string, options: LoginWay])[] = [
  ["ssh2", {}],
  ["the ssh program", { certificate: true }],
];
