import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UnitrainError } from "@unitrain/core/spec";
import type { ExecOptions, Execution, Executor, Exit } from "./executor.ts";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Options of {@link childExecutor}. */
export interface ChildExecutorOptions {
  /** Environment of the program. Defaults to the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working folder of the program. Defaults to the working folder of this process. */
  readonly cwd?: string;
}

/** How long a child may take to clean up after SIGTERM before it gets SIGKILL. */
const killAfterMs = 2_000;

/**
 * Creates an executor that starts one child process for each command: `program argv… command`. Use it for tools whose command line
 * runs commands elsewhere (docker, kubectl), and for this computer. Aborting a command ends the whole process group of its child.
 *
 * @param program Name or path of the program.
 * @param argv Arguments before the command, which is passed as the last one.
 * @returns The executor. Its `exec` throws UnitrainError `NOT_AVAILABLE` when the program cannot be started. Disposing of it ends
 * all children that still run.
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
        // Its own process group, so that Ctrl-C at the terminal reaches only us, and all its processes can be ended at once.
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
    // EACCES also means "not found" when a folder of the PATH is not readable.
    const isMissing = code === "ENOENT" || (code === "EACCES" && !program.includes("/"));
    const reason = isMissing ? "the program was not found" : message;
    throw new UnitrainError("NOT_AVAILABLE", `Cannot start ${program}: ${reason}.`, {
      hint: `Install ${program}, or add its folder to the PATH.`,
      cause,
    });
  }
}

function writeInput(child: Child, stdin: ExecOptions["stdin"]): void {
  // A command that ends before it has read all of its input is not an error: its exit code tells the result.
  child.stdin.on("error", () => {});
  if (stdin instanceof Readable) pipeline(stdin, child.stdin).catch(() => {});
  else child.stdin.end(stdin);
}

function waitForExit(child: Child, signal: AbortSignal | undefined): Promise<Exit> {
  return new Promise((resolve) => {
    const abort = () => void endChild(child);
    child.once("close", (code, killSignal) => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) resolve({ lostReason: "we ended it" });
      else resolve(killSignal === null ? { code: code ?? 1 } : { signal: killSignal });
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Sends SIGTERM to the process group, then SIGKILL, and closes the pipes. */
async function endChild(child: Child): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    // Before its input is closed: a command that sees the end of its input first takes a part for the whole, and continues.
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
    // The group has no processes any more.
  }
}
