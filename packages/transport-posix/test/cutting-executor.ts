import { PassThrough, type Readable } from "node:stream";
import type { Execution, Executor, Exit } from "../src/executor/executor.ts";

export interface Cut {
  /** The number of bytes that pass before the connection is lost. */
  readonly afterBytes: number;
  readonly stream: "stdout" | "stderr";
  /** The result that the executor reports then; some report success. */
  readonly exit?: Exit;
  /** The index of the affected command, from 0. Defaults to every command. */
  readonly command?: number;
}

/** Ends the connection after that many bytes: both streams end, and the command is killed. */
export function createCuttingExecutor(inner: Executor, cut: Cut): Executor {
  let count = 0;
  return {
    async exec(command, options) {
      const execution = await inner.exec(command, options);
      const mine = count;
      count += 1;
      return cut.command === undefined || cut.command === mine ? cutExecution(execution, cut) : execution;
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

function cutExecution(execution: Execution, cut: Cut): Execution {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  let remainingBytes = cut.afterBytes;
  let isCut = false;
  const end = () => {
    isCut = true;
    stdout.end();
    stderr.end();
    execution.stdout.destroy();
    execution.stderr.destroy();
  };
  const forward = (from: Readable, to: PassThrough, counted: boolean) => {
    from.on("data", (chunk: Buffer) => {
      if (isCut) return;
      const part = counted ? chunk.subarray(0, remainingBytes) : chunk;
      to.write(part);
      if (!counted) return;
      remainingBytes -= part.length;
      if (remainingBytes === 0) end();
    });
    from.on("end", () => to.end());
  };
  if (remainingBytes === 0) end();
  else {
    forward(execution.stdout, stdout, cut.stream === "stdout");
    forward(execution.stderr, stderr, cut.stream === "stderr");
  }
  const exit = execution.exit.then((real) =>
    isCut ? (cut.exit ?? { lostReason: "the test cut it" }) : real,
  );
  return { stdout, stderr, exit };
}
