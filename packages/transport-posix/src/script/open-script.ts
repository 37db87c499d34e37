import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { UnitrainError } from "@unitrain/core/spec";
import type { ExecOptions, Execution, Executor, Exit } from "../executor/executor.ts";
import { cancelledError, connectionLostError, throwIfCancelled } from "./failures.ts";
import { frameScript, type Unframed, unframe } from "./frame.ts";
import { formatLoginCommand, quote } from "./quote.ts";
import { createFeed, moveLongScriptToInput, type ScriptInput } from "./script-input.ts";

/** Input of a script, and the signal that aborts it. */
export interface ScriptOptions {
  readonly stdin?: ScriptInput | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A running script. Both streams must be read to their end. */
export interface RunningScript {
  readonly stdout: AsyncIterable<Buffer>;
  readonly stderr: AsyncIterable<Buffer>;
  /**
   * Resolves only when both streams were complete. Otherwise rejects with the reason of the signal, the error of the input, or
   * `CONNECTION_LOST`.
   */
  readonly exitCode: Promise<number>;
  /** Ends the script when its output is no longer needed. */
  cancel(): void;
}

/** How long to wait for the executor's reason after a stream ended without its mark. */
const exitTimeoutMs = 2_000;
/** How long a command may keep its streams open after the end marks. */
const lingerMs = 500;

/** Starts a POSIX script through the login shell of the machine, whichever it is. */
export async function openScript(
  executor: Executor,
  script: string,
  { stdin, signal }: ScriptOptions = {},
): Promise<RunningScript> {
  throwIfCancelled(signal);
  const nonce = randomBytes(16).toString("hex");
  const input = moveLongScriptToInput(script, stdin);
  const cancellation = new AbortController();
  const cancel = () => cancellation.abort();
  signal?.addEventListener("abort", cancel, { once: true });
  let inputError: unknown;
  const feed = createFeed(input.stdin, (error) => {
    inputError = error;
    // Cancel before the machine sees the end of an incomplete input and takes it for the whole.
    cancellation.abort();
  });
  const execution = await startCommand(
    executor,
    formatLoginCommand(frameScript(input.script, nonce)),
    feed,
    cancellation.signal,
  ).catch((error) => {
    signal?.removeEventListener("abort", cancel);
    throw signal?.aborted ? cancelledError(signal) : error;
  });
  const stdout = unframe(execution.stdout, nonce);
  const stderr = unframe(execution.stderr, nonce);
  const exitCode = (async () => {
    const [out, code] = await Promise.all([stdout.status, stderr.status]);
    signal?.removeEventListener("abort", cancel);
    if (inputError !== undefined) throw inputError;
    if (out !== undefined && code !== undefined) {
      releaseStreams(execution);
      return code;
    }
    if (signal?.aborted) throw cancelledError(signal);
    throw await lostCommandError(execution, stdout, stderr);
  })();
  exitCode.catch(() => {});
  return { stdout: stdout.bytes, stderr: stderr.bytes, exitCode, cancel: cancel };
}

async function startCommand(
  executor: Executor,
  command: string,
  stdin: ExecOptions["stdin"],
  signal: AbortSignal,
): Promise<Execution> {
  const execution = executor.exec(command, { ...(stdin === undefined ? {} : { stdin }), signal });
  const whenAborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener(
      "abort",
      () => reject(connectionLostError("The command was cancelled before it started")),
      {
        once: true,
      },
    );
  });
  whenAborted.catch(() => {});
  const destroyStreams = (execution: Execution) => {
    execution.stdout.destroy();
    execution.stderr.destroy();
  };
  execution.then(
    (execution) => {
      if (signal.aborted) destroyStreams(execution);
      else signal.addEventListener("abort", () => destroyStreams(execution), { once: true });
    },
    () => {},
  );
  try {
    return await Promise.race([execution, whenAborted]);
  } catch (error) {
    if (stdin instanceof Readable) stdin.destroy();
    if (UnitrainError.isInstance(error)) throw error;
    throw connectionLostError(
      "Cannot send the command to the machine",
      error instanceof Error ? error.message : "",
      error,
    );
  }
}

/** Destroys the streams a moment after the end marks, because a background process of the command may keep them open. */
function releaseStreams(execution: Execution): void {
  const destroyStreams = () => {
    execution.stdout.destroy();
    execution.stderr.destroy();
  };
  const timer = setTimeout(destroyStreams, lingerMs);
  timer.unref();
  void execution.exit.then(() => clearTimeout(timer));
}

export async function lostCommandError(
  execution: Execution,
  stdout: Unframed,
  stderr: Unframed,
): Promise<UnitrainError> {
  const exit: Exit = await Promise.race([
    execution.exit,
    sleep(exitTimeoutMs, { lostReason: "no reason given" }, { ref: false }),
  ]);
  const noise = `${stderr.noise()}${stdout.noise()}`;
  if ("lostReason" in exit)
    return connectionLostError(`The connection ended before the command did (${exit.lostReason})`, noise);
  if ("signal" in exit)
    return connectionLostError(`The command was ended by ${exit.signal} before its result arrived`, noise);
  return connectionLostError(
    `The command ended with ${exit.code}, but its output is incomplete`,
    noise,
    exit,
  );
}

/** Adds the beginning of each of our scripts: English messages, no tar options from the user's environment, and the work folder. */
export function withWorkFolder(folder: string, script: string): string {
  return `LC_ALL=C; export LC_ALL\nunset TAR_OPTIONS TAPE CDPATH\ncd -- ${quote(folder)} || exit 120\n${script}`;
}
