import { PassThrough, Readable } from "node:stream";
import type { ExecOptions, Execution, Exit } from "@unitrain/transport-posix";
import type { CommandChannel } from "./connection.ts";
import { feed } from "./feed.ts";
import type { OpenSession } from "./session-queue.ts";

const bufferBytes = 256 * 1024;

/** Runs one command on its channel. Its exit code counts only when the server closed the channel over a working connection. */
export function startExecution(
  { channel, connection, release }: OpenSession,
  { stdin, signal }: ExecOptions,
): Execution {
  const stdout = new PassThrough({ highWaterMark: bufferBytes });
  const stderr = new PassThrough({ highWaterMark: bufferBytes });
  channel.pipe(stdout);
  channel.stderr.pipe(stderr);
  const closed = new AbortController();
  let status: Exit = { lostReason: "the machine did not report how the command ended" };
  channel.on("exit", (code: number | null, name?: string) => {
    status = code === null ? { signal: name ?? "a signal" } : { code };
  });

  const exit = new Promise<Exit>((resolve) => {
    const onAbort = () => {
      closed.abort();
      terminate(channel);
      for (const [from, to] of [
        [channel, stdout],
        [channel.stderr, stderr],
      ] as const) {
        from.unpipe(to);
        // Otherwise the channel is never closed, and its session never becomes free.
        from.resume();
        to.destroy();
      }
      resolve({ lostReason: "we ended it" });
    };
    const stopListening = connection.onEnd((reason) => {
      closed.abort();
      resolve({ lostReason: reason });
    });
    channel.once("close", () => {
      stopListening();
      signal?.removeEventListener("abort", onAbort);
      closed.abort();
      release();
      resolve(connection.endReason === undefined ? status : { lostReason: connection.endReason });
    });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
  // A stream that we end may have no other listener for its error.
  for (const stream of [channel, channel.stderr, stdout, stderr]) stream.on("error", () => {});
  if (stdin instanceof Readable) void feed(stdin, channel, connection.stream, closed.signal);
  else channel.end(stdin);
  return { stdout, stderr, exit };
}

function terminate(channel: CommandChannel): void {
  try {
    channel.terminate();
  } catch {
    // The connection has ended.
  }
}
