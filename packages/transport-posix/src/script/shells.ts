import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import type { ExecOptions, Execution, Executor } from "../executor/executor.ts";
import { cancelled, throwIfCancelled } from "./failures.ts";
import { framed, unframe } from "./frame.ts";
import { openScript, type RunningScript, type ScriptOptions, whyCut } from "./open-script.ts";
import { loginCommand } from "./quote.ts";
import { fitsShell, requestOf, shellScript } from "./shell-script.ts";

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
  readonly ending: AbortController;
}

/** Servers allow few sessions at a time: this many are kept while they have nothing to do. */
const mostIdle = 2;
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
  const patient: Executor = { exec, [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose]() };
  const dedicated = poolOf(patient, true);
  const commands = poolOf(patient, false);
  pools.push(dedicated, commands);
  return {
    dedicated: runnerOf(patient, dedicated),
    commands: runnerOf(patient, commands),
    warm: () => dedicated.warm(),
    close() {
      for (const pool of pools) pool.close();
    },
  };
}

function runnerOf(executor: Executor, pool: Pool): ScriptRunner {
  return {
    async open(script, options = {}) {
      const { stdin, signal } = options;
      throwIfCancelled(signal);
      if (!fitsShell(script, stdin)) return openScript(executor, script, options);
      return runIn(pool, await pool.take(signal), script, stdin, signal);
    },
  };
}

function runIn(
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
  let isOver = false;
  const end = () => {
    if (!isOver) pool.drop(shell);
  };
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end, { once: true });
  shell.stdin.write(requestOf(framed(script, nonce), stdin));
  const exitCode = (async () => {
    const [out, code] = await Promise.all([stdout.status, stderr.status]);
    signal?.removeEventListener("abort", end);
    if (out !== undefined && code !== undefined) {
      isOver = true;
      pool.put(shell);
      return code;
    }
    const failure = signal?.aborted ? cancelled(signal) : await whyCut(execution, stdout, stderr);
    end();
    throw failure;
  })();
  exitCode.catch(() => {});
  return { stdout: stdout.bytes, stderr: stderr.bytes, exitCode, end };
}

interface Pool {
  take(signal: AbortSignal | undefined): Promise<OpenShell>;
  put(shell: OpenShell): void;
  /** It runs something that nobody wants any more, or has ended. */
  drop(shell: OpenShell): void;
  evict(): void;
  warm(): void;
  close(): void;
}

function poolOf(executor: Executor, isOwn: boolean): Pool {
  const all = new Set<OpenShell>();
  let idle: OpenShell[] = [];
  let warming: Promise<OpenShell | undefined> | undefined;
  let isClosed = false;

  const drop = (shell: OpenShell) => {
    all.delete(shell);
    idle = idle.filter((candidate) => candidate !== shell);
    shell.stdin.destroy();
    shell.ending.abort();
    // At once, whatever the executor waits for.
    shell.execution.stdout.destroy();
    shell.execution.stderr.destroy();
  };
  const open = async (signal?: AbortSignal): Promise<OpenShell> => {
    const ending = new AbortController();
    const stdin = new PassThrough();
    stdin.on("error", () => {});
    const cancel = () => ending.abort();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const execution = await executor.exec(loginCommand(shellScript(isOwn)), {
        stdin,
        signal: ending.signal,
      });
      const shell: OpenShell = { execution, stdin, ending };
      for (const stream of [execution.stdout, execution.stderr]) {
        stream.on("error", () => {});
        // It stays in the mode in which it is read: switching between two scripts would lose bytes.
        stream.on("readable", () => {});
      }
      if (signal?.aborted || isClosed) {
        drop(shell);
        throw signal === undefined ? new Error("The session is closed.") : cancelled(signal);
      }
      all.add(shell);
      // It has ended, or was cut off: whoever waits for it is told by its streams.
      const forget = () => {
        all.delete(shell);
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
    async take(signal) {
      const warmed = warming;
      warming = undefined;
      const shell = (await warmed) ?? idle.pop();
      if (shell !== undefined && all.has(shell)) return shell;
      return open(signal);
    },
    put(shell) {
      if (!all.has(shell)) return;
      if (isClosed || idle.length >= mostIdle) drop(shell);
      else idle.push(shell);
    },
    drop,
    evict() {
      for (const shell of idle) drop(shell);
    },
    warm() {
      warming ??= open().catch(() => undefined);
    },
    close() {
      isClosed = true;
      for (const shell of all) drop(shell);
    },
  };
}
