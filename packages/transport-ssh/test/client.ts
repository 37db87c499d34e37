import { mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine, NotReady, RunContext, Session } from "@unitrain/core/spec";
import type { Executor } from "@unitrain/transport-posix";
import { connect } from "../src/connect/connect.ts";
import type { SshEnvironment } from "../src/environment.ts";
import type { SshOptions } from "../src/options.ts";
import { createSsh } from "../src/ssh.ts";
import type { OnEnd } from "./keys.ts";
import type { TestServer } from "./test-server.ts";

/** A client without any ssh settings of this computer: no agent, and an empty home. */
export interface TestClient {
  readonly context: RunContext & { readonly statusMessages: readonly string[] };
  readonly environment: SshEnvironment;
  session(options?: ClientOptions): Promise<Session>;
  try(options?: ClientOptions): Promise<Session | NotReady>;
  executor(options?: ClientOptions): Promise<Executor>;
}

interface ClientOptions extends SshOptions {
  readonly machine?: Partial<Extract<Machine, { readonly connectionKind: "ssh" }>>;
  readonly environment?: Partial<SshEnvironment>;
  readonly signal?: AbortSignal;
  /** Names no key, so that keys are searched. */
  readonly anyKey?: boolean;
}

/** What a client needs to know of a server. */
type ServerFiles = Pick<TestServer, "root" | "home" | "machine" | "keyFile" | "knownHostsFile">;

export function testClient(server: ServerFiles, onEnd: OnEnd, name = "lease"): TestClient {
  const home = join(server.root, "client-home");
  mkdirSync(join(home, ".ssh"), { recursive: true });
  const statusMessages: string[] = [];
  const forever = new AbortController().signal;
  const context: RunContext & { readonly statusMessages: readonly string[] } = {
    signal: forever,
    secret: () => {},
    showStatus: (message) => statusMessages.push(message),
    wait: (ms) => sleep(ms),
    runId: "run",
    leaseId: `installation-run-${name}`,
    folder: join(server.root, name),
    statusMessages,
  };
  const environment: SshEnvironment = {
    home,
    accountHome: userInfo().homedir,
    env: { PATH: process.env.PATH, HOME: home },
    user: "nobody-else",
    platform: process.platform,
    agent: undefined,
    askSshTimeoutMs: 10_000,
    silenceMs: 20_000,
    canAsk: false,
  };
  const parts = ({
    machine,
    environment: overridden,
    signal = forever,
    anyKey = false,
    ...overrides
  }: ClientOptions) => {
    const options: SshOptions = {
      ...(machine?.trust === "lease"
        ? {}
        : {
            ...(anyKey ? {} : { identityFile: server.keyFile }),
            knownHostsFile: server.knownHostsFile,
          }),
      ...overrides,
    };
    return {
      options,
      machine: { ...server.machine, ...machine },
      environment: { ...environment, ...overridden },
      context: { ...context, signal },
    };
  };
  const client: TestClient = {
    context,
    environment,
    async try(options = {}) {
      const resolved = parts(options);
      const workFolder = join(server.home, "work folder");
      const transport = createSsh({ workFolder, ...resolved.options }, resolved.environment);
      const session = await transport.connect(resolved.machine, resolved.context);
      if (!("ready" in session)) onEnd(() => Promise.resolve(session[Symbol.asyncDispose]()));
      return session;
    },
    async session(options) {
      const session = await client.try(options);
      if ("ready" in session) throw new Error(`${session.step}: ${session.reason}`);
      return session;
    },
    async executor(options = {}) {
      const resolved = parts(options);
      const executor = await connect(
        resolved.machine,
        resolved.context,
        resolved.options,
        resolved.environment,
      );
      if ("ready" in executor) throw new Error(`${executor.step}: ${executor.reason}`);
      onEnd(() => Promise.resolve(executor[Symbol.asyncDispose]()));
      return executor;
    },
  };
  return client;
}
