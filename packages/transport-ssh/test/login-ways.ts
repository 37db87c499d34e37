import type { TestServerOptions } from "./test-server.ts";

export type LoginWay = Pick<TestServerOptions, "certificate">;

/** Both ways to log in. Tests of commands and files run with each. */
export const bothLoginWays: readonly (readonly [name: string, options: LoginWay])[] = [
  ["ssh2", {}],
  ["the ssh program", { certificate: true }],
];
