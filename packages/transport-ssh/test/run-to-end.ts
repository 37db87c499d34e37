import type { ExecOptions, Executor, Exit } from "@unitrain/transport-posix";

export interface RunResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exit: Exit;
}

/** Runs a command in the login shell and collects its output. */
export async function runToEnd(
  executor: Executor,
  command: string,
  options?: ExecOptions,
): Promise<RunResult> {
  const { stdout, stderr, exit } = await executor.exec(command, options);
  const [out, err, ended] = await Promise.all([all(stdout), all(stderr), exit]);
  return { stdout: out, stderr: err, exit: ended };
}

async function all(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  } catch {
    // The exit of the command tells the error.
  }
  return Buffer.concat(chunks);
}
