import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "@unitrain/core/spec";
import { testClient } from "../../packages/transport-ssh/test/client.ts";
import { type TestServer, testServer } from "../../packages/transport-ssh/test/test-server.ts";

/** Where a real sshd is reached, and its files, which are on this computer. */
export type ServerPlace = Pick<
  TestServer,
  "root" | "home" | "port" | "user" | "keyFile" | "knownHostsFile" | "machine"
>;

/** A real sshd, used by unitrain and by OpenSSH's client. */
export interface Bench {
  readonly server: ServerPlace;
  /** Opens a connection of unitrain. */
  session(): Promise<Session>;
  /** Command line of `ssh` with the same key. */
  readonly ssh: readonly string[];
  /** Removes all uploaded files, so that the next upload is a first one. */
  forget(): Promise<void>;
}

/** Starts an sshd on the loopback. */
export async function withServer(use: (bench: Bench) => Promise<void>): Promise<void> {
  const ends: (() => unknown)[] = [];
  const onEnd = (end: () => unknown) => void ends.push(end);
  try {
    await use(createBench(await testServer({ onEnd }), onEnd));
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

export function createBench(server: ServerPlace, onEnd: (end: () => Promise<void>) => void): Bench {
  const client = testClient(server, onEnd);
  const options = [
    ["IdentityFile", server.keyFile],
    ["IdentitiesOnly", "yes"],
    ["UserKnownHostsFile", server.knownHostsFile],
    ["StrictHostKeyChecking", "yes"],
    ["LogLevel", "ERROR"],
  ].flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return {
    server,
    session: () => client.session(),
    ssh: ["ssh", "-F", "/dev/null", ...options, "-p", String(server.port), `${server.user}@127.0.0.1`],
    forget: () => rm(join(server.home, "work folder"), { recursive: true, force: true }),
  };
}
