import type { ExecOptions, Execution, Executor } from "@unitrain/transport-posix";
import type { Connection } from "./connection.ts";
import { startExecution } from "./execution.ts";
import { createSessionQueue, type SshExecutorOptions } from "./session-queue.ts";

/** Creates an executor that runs commands concurrently over one connection, up to the limit of the server; others wait. */
export function createSshExecutor(first: Connection, options: SshExecutorOptions): Executor {
  const queue = createSessionQueue(first, options);
  const { loginNeedsPerson } = options;
  return {
    ...(loginNeedsPerson === undefined ? {} : { loginNeedsPerson }),
    exec: (command: string, options: ExecOptions = {}): Promise<Execution> =>
      queue.open(command, options.signal, (session) => startExecution(session, options)),
    [Symbol.asyncDispose]: () => queue.close(),
  };
}
