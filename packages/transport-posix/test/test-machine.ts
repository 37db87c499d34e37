import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Job, Session } from "@unitrain/core/spec";
import { onTestFinished } from "vitest";
import { childExecutor } from "../src/executor/child-executor.ts";
import type { Executor } from "../src/executor/executor.ts";
import type { JobLauncher } from "../src/job/launcher.ts";
import type { ConnectedMachine } from "../src/machine/connected-machine.ts";
import { type PosixTransportOptions, posixTransport } from "../src/posix-transport.ts";
import { openShells } from "../src/script/shells.ts";
import { testContext } from "./context.ts";

/** This computer as a machine with its own home, work folder and tmux server. */
export interface TestMachine {
  /** Absolute path of a folder that is removed after the test. */
  readonly root: string;
  readonly home: string;
  readonly workFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  executor(program?: string, argv?: readonly string[]): Executor;
  connect(options?: ConnectOptions): Promise<Session>;
  /** Returns the machine for tests below the level of a session. */
  connected(executor?: Executor): ConnectedMachine;
  /** Creates a job with a unique id, which is stopped after the test. */
  job(script: string, more?: Partial<Job>): Job;
}

interface ConnectOptions {
  readonly executor?: Executor;
  readonly launchers?: readonly JobLauncher[];
  readonly workFolder?: string;
}

/** Registers a step for the end of a test. Concurrent tests pass their own `onTestFinished`. */
export type OnEnd = (step: () => Promise<void>) => void;

export async function testMachine(onEnd: OnEnd = onTestFinished): Promise<TestMachine> {
  // Short, because the path of a socket is limited to 100 characters.
  const root = await mkdtemp("/tmp/ut-");
  const home = join(root, "home of 'me'");
  const workFolder = join(root, "work $folder");
  const env = {
    ...process.env,
    PATH: openPath(),
    HOME: home,
    TMUX_TMPDIR: root,
    XDG_CACHE_HOME: undefined,
    TMUX: undefined,
    // Variables that owners of machines set must not change the behavior of our commands.
    TAR_OPTIONS: "--exclude=*.jpg --verbose",
    CDPATH: "/tmp:/",
  };
  await mkdir(home);
  const jobs: Job[] = [];
  const executor = (program = "sh", argv: readonly string[] = ["-c"]) =>
    childExecutor(program, argv, { env });
  const connect = async (options: ConnectOptions = {}) => {
    const { executor: chosenExecutor = executor(), ...more } = options;
    const session = await posixTransport({
      name: "test",
      supports: ["local"],
      connect: async () => chosenExecutor,
      workFolder,
      ...more,
    } satisfies PosixTransportOptions).connect({ connectionKind: "local" }, testContext());
    if ("ready" in session) throw new Error(session.reason);
    return session;
  };
  onEnd(async () => {
    if (jobs.length > 0) {
      const session = await connect();
      for (const { id } of jobs) await session.stop(id, 0, testContext());
    }
    await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const job = (script: string, more: Partial<Job> = {}): Job => {
    const job: Job = {
      id: `test-${randomBytes(6).toString("hex")}`,
      argv: ["sh", "-c", script],
      env: {},
      secrets: [],
      cwd: join(root, "cwd"),
      watch: [],
      needs: { gpus: 0 },
      title: "a test",
      ...more,
    };
    jobs.push(job);
    return job;
  };
  const connected = (chosenExecutor = executor()): ConnectedMachine => {
    const shells = openShells(chosenExecutor);
    onEnd(async () => shells.close());
    return { executor: chosenExecutor, shells, home, workFolder };
  };
  return { root, home, workFolder, env, executor, connect, connected, job };
}

/** Returns the PATH without folders that this user cannot read, where shells disagree about missing programs. */
function openPath(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => existsSync(`${folder}/.`)).join(delimiter);
}
