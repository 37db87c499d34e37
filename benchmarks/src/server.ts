import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "@unitrain/core/spec";
import { testClient } from "../../packages/transport-ssh/test/client.ts";
import { type TestServer, testServer } from "../../packages/transport-ssh/test/test-server.ts";

/** A real sshd on the loopback, used by unitrain and by OpenSSH's client. */
export interface Bench {
  readonly server: TestServer;
  /** Opens a connection of unitrain. */
  session(): Promise<Session>;
  /** Command line of `ssh` with the same key. */
  readonly ssh: readonly string[];
  /** Removes all uploaded files, so that the next upload is a first one. */
  forget(): Promise<void>;
}

export async function withServer(use: (bench: Bench) => Promise<void>): Promise<void> {
  const ends: (() => unknown)[] = [];
  try {
    const server = await testServer({ onEnd: (end) => ends.push(end) });
    const client = testClient(server, (end) => ends.push(end));
    const options = [
      ["IdentityFile", server.keyFile],
      ["IdentitiesOnly", "yes"],
      ["UserKnownHostsFile", server.knownHostsFile],
      ["StrictHostKeyChecking", "yes"],
      ["LogLevel", "ERROR"],
    ].flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    await use({
      server,
      session: () => client.session(),
      ssh: ["ssh", "-F", "/dev/null", ...options, "-p", String(server.port), `${server.user}@127.0.0.1`],
      forget: () => rm(join(server.home, "work folder"), { recursive: true, force: true }),
    });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
