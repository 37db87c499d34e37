import type { Duplex, Readable, Writable } from "node:stream";

/** Limits what waits in the socket: ssh2 writes everything that the server's window allows, however slow the socket is. */
const maxWaitingBytes = 1024 * 1024;

/** Writes the input of a command as fast as it is read. Always destroys the source, and ends the input only when it was complete. */
export async function feed(
  source: Readable,
  channel: Writable,
  connectionStream: Duplex,
  closed: AbortSignal,
): Promise<void> {
  const destroySource = () => void source.destroy();
  if (closed.aborted) destroySource();
  else closed.addEventListener("abort", destroySource, { once: true });
  try {
    for await (const chunk of source) {
      // A channel that is closed meanwhile never calls the callback.
      if (!(await completesBeforeClose(closed, (done) => channel.write(chunk, done)))) return;
      if (connectionStream.writableLength <= maxWaitingBytes) continue;
      if (!(await completesBeforeClose(closed, (done) => connectionStream.once("drain", done)))) return;
    }
    channel.end();
  } catch {
    // The end of the command tells what was wrong, and a failed source reports its own error.
  } finally {
    closed.removeEventListener("abort", destroySource);
    source.destroy();
  }
}

/** Resolves with true when the step completed without an error before the channel was closed. */
function completesBeforeClose(
  closed: AbortSignal,
  begin: (done: (error?: unknown) => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => resolve(false);
    if (closed.aborted) return end();
    closed.addEventListener("abort", end, { once: true });
    begin((error) => {
      closed.removeEventListener("abort", end);
      resolve(!(error instanceof Error));
    });
  });
}
