import type { ExecOptions, Execution, Executor } from "@unitrain/transport-posix";
import type { Connection } from "./connection.ts";
import { executionOn } from "./execution.ts";
import { type SshExecutorOptions, sessionQueue } from "./session-queue.ts";

/** Commands over one login, side by side, as many as the server allows; more of them wait for their turn. */
export function sshExecutor(first: Connection, options: SshExecutorOptions): Executor {
  const queue = sessionQueue(first, options);
  const { loginNeedsPerson } = options;
  return {
    ...(loginNeedsPerson === undefined ? {} : { loginNeedsPerson }),
    exec: (command: string, options: ExecOptions = {}): Promise<Execution> =>
      queue.open(command, options.signal, (session) => executionOn(session, options)),
    [Symbol.asyncDispose]: () => queue.close(),
  };
}
