import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import type { ExecOptions, Execution, Executor } from "../executor/executor.ts";
import { cancelledError, throwIfCancelled } from "./failures.ts";
import { frameScript, unframe } from "./frame.ts";
import { lostCommandError, openScript, type RunningScript, type ScriptOptions } from "./open-script.ts";
import { formatLoginCommand } from "./quote.ts";
import { buildRequest, buildShellScript, canRunInOpenShell } from "./shell-script.ts";

/** Runs scripts on a machine. */
export interface ScriptRunner {
  open(script: string, options?: ScriptOptions): Promise<RunningScript>;
}

/** Keeps shells open on a machine that run one script after the other, because a login shell can take seconds to start. */
export interface Shells {
  /** Runs our own scripts. Processes that they leave running end with the connection. */
  readonly dedicated: ScriptRunner;
  /** Runs commands of others. A background process of one may write into the output of the next, but never into that of our scripts. */
  readonly commands: ScriptRunner;
  /** Starts to open a shell that will be needed. */
  warm(): void;
  close(): void;
}

interface OpenShell {
  readonly execution: Execution;
  readonly stdin: PassThrough;
  readonly cancellation: AbortController;
}

/** How many idle shells are kept: servers allow few sessions at a time. */
const maxIdle = 2;
/** When a server takes longer to open a session it may have none left, so idle shells are closed. */
const evictAfterMs = 300;

export function openShells(executor: Executor): Shells {
  const pools: Pool[] = [];
  /** Starts a command; closes idle shells when that takes long. */
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
  // Listen before the request is sent: output without a listener is lost.
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
  /** Ends a shell that has ended, or runs a script that was cancelled. */
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
    // Do not wait for the executor.
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
      const execution = await executor.exec(formatLoginCommand(buildShellScript(isDedicated)), {
        stdin,
        signal: cancellation.signal,
      });
      const shell: OpenShell = { execution, stdin, cancellation };
      for (const stream of [execution.stdout, execution.stderr]) {
        stream.on("error", () => {});
        // Keep the stream in this mode: switching between two scripts would lose bytes.
        stream.on("readable", () => {});
      }
      if (signal?.aborted || isClosed) {
        discard(shell);
        throw signal === undefined ? new Error("The session is closed.") : cancelledError(signal);
      }
      openShellSet.add(shell);
      // The shell has ended or was cut off: a script that waits for it notices by its streams.
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
