import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import type { ExecOptions, Execution, Executor } from "../executor/executor.ts";
import { cancelledError, throwIfCancelled } from "./failures.ts";
import { frameScript, unframe } from "./frame.ts";
import { lostCommandError, openScript, type RunningScript, type ScriptOptions } from "./open-script.ts";
import { loginCommand } from "./quote.ts";
import { buildRequest, buildShellScript, canRunInOpenShell } from "./shell-script.ts";

/** Runs scripts on a machine. */
export interface ScriptRunner {
  open(script: string, options?: ScriptOptions): Promise<RunningScript>;
}

/** Shells on a machine that stay open and run one script after the other, because a login shell can take seconds to start. */
export interface Shells {
  /** For scripts of ours. What they leave running ends with the connection. */
  readonly dedicated: ScriptRunner;
  /** For commands of others. What one of them leaves in the background may write into the output of the next, never into ours. */
  readonly commands: ScriptRunner;
  /** Begins to open a shell that will be needed. */
  warm(): void;
  close(): void;
}

interface OpenShell {
  readonly execution: Execution;
  readonly stdin: PassThrough;
  readonly cancellation: AbortController;
}

/** Servers allow few sessions at a time: this many are kept while they have nothing to do. */
const maxIdle = 2;
/** A server that makes us wait longer for a session may have none left: then idle shells make room. */
const evictAfterMs = 300;

export function openShells(executor: Executor): Shells {
  const pools: Pool[] = [];
  /** Gives a command to the machine; idle shells make room for it when that takes long. */
  const exec = async (command: string, options: ExecOptions): Promise<Execution> => {
    const timer = setTimeout(() => {
      for (const pool of pools) pool.evict();
    }, evictAfterMs);
    try {
      return await executor.exec(command, options);
    } finally {
      clearTimeout(timer);
    }
  };
  const evictingExecutor: Executor = { exec, [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose]() };
  const dedicated = createPool(evictingExecutor, true);
  const commands = createPool(evictingExecutor, false);
  pools.push(dedicated, commands);
  return {
    dedicated: createRunner(evictingExecutor, dedicated),
    commands: createRunner(evictingExecutor, commands),
    warm: () => dedicated.warm(),
    close() {
      for (const pool of pools) pool.close();
    },
  };
}

function createRunner(executor: Executor, pool: Pool): ScriptRunner {
  return {
    async open(script, options = {}) {
      const { stdin, signal } = options;
      throwIfCancelled(signal);
      if (!canRunInOpenShell(script, stdin)) return openScript(executor, script, options);
      return runInShell(pool, await pool.acquire(signal), script, stdin, signal);
    },
  };
}

function runInShell(
  pool: Pool,
  shell: OpenShell,
  script: string,
  stdin: Uint8Array | undefined,
  signal: AbortSignal | undefined,
): RunningScript {
  const nonce = randomBytes(16).toString("hex");
  const { execution } = shell;
  // Before anything is asked for: what comes while nobody listens is lost.
  const stdout = unframe(execution.stdout, nonce, true);
  const stderr = unframe(execution.stderr, nonce, true);
  let hasEnded = false;
  const cancel = () => {
    if (!hasEnded) pool.discard(shell);
  };
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  shell.stdin.write(buildRequest(frameScript(script, nonce), stdin));
  const exitCode = (async () => {
    const [out, code] = await Promise.all([stdout.status, stderr.status]);
    signal?.removeEventListener("abort", cancel);
    if (out !== undefined && code !== undefined) {
      hasEnded = true;
      pool.release(shell);
      return code;
    }
    const failure = signal?.aborted
      ? cancelledError(signal)
      : await lostCommandError(execution, stdout, stderr);
    cancel();
    throw failure;
  })();
  exitCode.catch(() => {});
  return { stdout: stdout.bytes, stderr: stderr.bytes, exitCode, cancel };
}

interface Pool {
  acquire(signal: AbortSignal | undefined): Promise<OpenShell>;
  release(shell: OpenShell): void;
  /** It runs something that nobody wants any more, or has ended. */
  discard(shell: OpenShell): void;
  evict(): void;
  warm(): void;
  close(): void;
}

function createPool(executor: Executor, isDedicated: boolean): Pool {
  const openShellSet = new Set<OpenShell>();
  let idle: OpenShell[] = [];
  let warmingShell: Promise<OpenShell | undefined> | undefined;
  let isClosed = false;

  const discard = (shell: OpenShell) => {
    openShellSet.delete(shell);
    idle = idle.filter((candidate) => candidate !== shell);
    shell.stdin.destroy();
    shell.cancellation.abort();
    // At once, whatever the executor waits for.
    shell.execution.stdout.destroy();
    shell.execution.stderr.destroy();
  };
  const open = async (signal?: AbortSignal): Promise<OpenShell> => {
    const cancellation = new AbortController();
    const stdin = new PassThrough();
    stdin.on("error", () => {});
    const cancel = () => cancellation.abort();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const execution = await executor.exec(loginCommand(buildShellScript(isDedicated)), {
        stdin,
        signal: cancellation.signal,
      });
      const shell: OpenShell = { execution, stdin, cancellation };
      for (const stream of [execution.stdout, execution.stderr]) {
        stream.on("error", () => {});
        // It stays in the mode in which it is read: switching between two scripts would lose bytes.
        stream.on("readable", () => {});
      }
      if (signal?.aborted || isClosed) {
        discard(shell);
        throw signal === undefined ? new Error("The session is closed.") : cancelledError(signal);
      }
      openShellSet.add(shell);
      // It has ended, or was cut off: whoever waits for it is told by its streams.
      const forget = () => {
        openShellSet.delete(shell);
        idle = idle.filter((candidate) => candidate !== shell);
        stdin.destroy();
      };
      execution.stdout.once("close", forget);
      void execution.exit.then(forget);
      return shell;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  };
  return {
    async acquire(signal) {
      const warmedShell = warmingShell;
      warmingShell = undefined;
      const shell = (await warmedShell) ?? idle.pop();
      if (shell !== undefined && openShellSet.has(shell)) return shell;
      return open(signal);
    },
    release(shell) {
      if (!openShellSet.has(shell)) return;
      if (isClosed || idle.length >= maxIdle) discard(shell);
      else idle.push(shell);
    },
    discard,
    evict() {
      for (const shell of idle) discard(shell);
    },
    warm() {
      warmingShell ??= open().catch(() => undefined);
    },
    close() {
      isClosed = true;
      for (const shell of openShellSet) discard(shell);
    },
  };
}
