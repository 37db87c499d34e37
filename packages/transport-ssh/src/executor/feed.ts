import type { Duplex, Readable, Writable } from "node:stream";

/** ssh2 hands everything the server's window lets through to the socket at once, however slowly that one goes. */
const maxWaitingBytes = 1024 * 1024;

/** Gives a command its input, no faster than it is taken. Whatever ends it, the source is let go of; only a whole input is ended. */
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
      // A channel that is closed meanwhile never calls back.
      if (!(await completesBeforeClose(closed, (done) => channel.write(chunk, done)))) return;
      if (connectionStream.writableLength <= maxWaitingBytes) continue;
      if (!(await completesBeforeClose(closed, (done) => connectionStream.once("drain", done)))) return;
    }
    channel.end();
  } catch {
    // How the command ended tells what was wrong; a source that failed says so itself.
  } finally {
    closed.removeEventListener("abort", destroySource);
    source.destroy();
  }
}

/** Whether it was done, without an error, before the other end wanted no more. */
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
