import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UnitrainError } from "@unitrain/core/spec";
import type { ExecOptions, Execution, Executor, Exit } from "./executor.ts";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export interface ChildExecutorOptions {
  /** By default this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** How long a child that was told to end may clean up before it is killed. */
const killAfterMs = 2_000;

/**
 * One child process a command: `program argv… command`. For what has a command line of its own that executes
 * (docker, kubectl), and for this computer. A child that is ended takes its whole process group along.
 *
 * @example
 * ```ts
 * import { childExecutor, posixTransport } from "@unitrain/transport-posix";
 *
 * export const docker = (container: string) =>
 *   posixTransport({
 *     name: "docker",
 *     supports: ["x-docker"],
 *     connect: async () => childExecutor("docker", ["exec", "-i", container, "sh", "-c"]),
 *   });
 * ```
 */
export function childExecutor(
  program: string,
  argv: readonly string[],
  options: ChildExecutorOptions = {},
): Executor {
  const runningChildren = new Set<Child>();
  return {
    async exec(command, { stdin, signal }: ExecOptions = {}): Promise<Execution> {
      signal?.throwIfAborted();
      const child = spawn(program, [...argv, command], {
        ...options,
        stdio: ["pipe", "pipe", "pipe"],
        // Its own process group: Ctrl-C at the terminal is ours to handle, and all of it can be ended at once.
        detached: process.platform !== "win32",
        windowsHide: true,
      });
      await waitUntilSpawned(child, program);
      runningChildren.add(child);
      child.once("close", () => runningChildren.delete(child));
      writeInput(child, stdin);
      return { stdout: child.stdout, stderr: child.stderr, exit: waitForExit(child, signal) };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...runningChildren].map((child) => endChild(child)));
    },
  };
}

async function waitUntilSpawned(child: Child, program: string): Promise<void> {
  try {
    await once(child, "spawn");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // A folder of the PATH that may not be read makes "not found" look like "not allowed".
    const isMissing = code === "ENOENT" || (code === "EACCES" && !program.includes("/"));
    const reason = isMissing ? "no such program was found" : message;
    throw new UnitrainError("NOT_AVAILABLE", `${program} cannot be started: ${reason}.`, {
      hint: `Install ${program}, or put it on the PATH.`,
      cause,
    });
  }
}

function writeInput(child: Child, stdin: ExecOptions["stdin"]): void {
  // A command that ends without reading all of it is not an error: its exit code says what was wrong.
  child.stdin.on("error", () => {});
  if (stdin instanceof Readable) pipeline(stdin, child.stdin).catch(() => {});
  else child.stdin.end(stdin);
}

function waitForExit(child: Child, signal: AbortSignal | undefined): Promise<Exit> {
  return new Promise((resolve) => {
    const abort = () => void endChild(child);
    child.once("close", (code, killSignal) => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) resolve({ lostReason: "it was ended by us" });
      else resolve(killSignal === null ? { code: code ?? 1 } : { signal: killSignal });
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Asks the whole group to end, then kills it. What it left on its pipes is let go of. */
async function endChild(child: Child): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    // Before its input ends: a command that reads an end first takes what it has for all of it, and goes on.
    kill(child, "SIGTERM");
    child.stdin.destroy();
    const timer = setTimeout(() => kill(child, "SIGKILL"), killAfterMs);
    timer.unref();
    await exited;
    clearTimeout(timer);
  }
  child.stdin.destroy();
  child.stdout.destroy();
  child.stderr.destroy();
}

function kill(child: Child, signal: "SIGTERM" | "SIGKILL"): void {
  if (process.platform === "win32" || child.pid === undefined) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}
