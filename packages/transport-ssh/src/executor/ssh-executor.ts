import { UnitrainError } from "@unitrain/core/spec";
import type { ExecOptions, Execution, Executor } from "@unitrain/transport-posix";
import type { Connection } from "../connect/connection.ts";
import { executionOn } from "./execution.ts";
import { sessionQueue } from "./session-queue.ts";

export interface SshExecutorOptions {
  /** At most, the first one counted. */
  readonly connections: number;
  /** Logs in once more; undefined when that is not possible now. */
  readonly another: (signal: AbortSignal) => Promise<Connection | undefined>;
}

/** Commands over one login, side by side, as many as the server allows; more of them wait for their turn. */
export function sshExecutor(first: Connection, options: SshExecutorOptions): Executor {
  const queue = sessionQueue(first, options);
  return {
    exec: (command: string, options: ExecOptions = {}): Promise<Execution> =>
      queue.open(command, options.signal, (session) => executionOn(session, options)),
    [Symbol.asyncDispose]: () => queue.close(),
  };
}

/** The command could not be given: the connection is over, or was before. */
export function connectionLost(why: string, cause?: unknown): UnitrainError {
  return new UnitrainError("CONNECTION_LOST", `The connection to the machine is over: ${why}.`, {
    hint: "Connect again: what runs on the machine goes on without us.",
    retryable: true,
    cause,
  });
}
