import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Client } from "ssh2";

/** A login that lasts until it is cut or closed. */
export interface Connection {
  readonly client: Client;
  readonly stream: Duplex;
  /** Why it is over; undefined while it lives. Known before any channel of it is told. */
  readonly cut: string | undefined;
  /** Calls once it is over, or at once if it is; answers how not to be called. */
  onOver(listener: (why: string) => void): () => void;
  close(): Promise<void>;
}

const closePatienceMs = 1_000;

export function openConnection(client: Client, stream: Duplex, silenceMs: number): Connection {
  let cut: string | undefined;
  const listeners = new Set<(why: string) => void>();
  const end = (why: string) => {
    cut ??= why;
    stopWatching();
    for (const listener of [...listeners]) listener(cut);
    listeners.clear();
  };
  // First of all: ssh2 tells its channels when it hears of it, as if they had come to their own end.
  stream.prependListener("end", () => end("the machine closed the connection"));
  stream.prependListener("error", (error) => end(error.message));
  stream.prependListener("close", () => end("the connection was cut"));
  client.on("error", (error) => end(error.message));
  const stopWatching = watch(stream, silenceMs, (why) => {
    end(why);
    stream.destroy();
  });
  if (stream.destroyed) end("the connection was cut");
  return {
    client,
    stream,
    get cut() {
      return cut;
    },
    onOver(listener) {
      if (cut === undefined) listeners.add(listener);
      else listener(cut);
      return () => void listeners.delete(listener);
    },
    async close() {
      end("it was closed by us");
      if (stream.destroyed) return;
      // A channel through another machine has no `close` when it is destroyed.
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, closePatienceMs);
        stream.once("close", () => {
          clearTimeout(timer);
          resolve();
        });
        client.end();
      });
      stream.destroy();
    },
  };
}

/**
 * Tells when nothing has moved for too long, in neither direction. Bytes are what counts: an answer that is late because a slow
 * upload is ahead of it is no sign of death. Time in which this computer slept does not count.
 */
function watch(stream: Duplex, silenceMs: number, dead: (why: string) => void): () => void {
  let received = 0;
  stream.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  const everyMs = silenceMs / 10;
  let receivedBytes = 0;
  let takenBytes = 0;
  let hasWaited = false;
  let movedAt = performance.now();
  let lookedAt = movedAt;
  const timer = setInterval(() => {
    const now = performance.now();
    const waiting = stream instanceof Socket ? stream.writableLength : 0;
    const sent = stream instanceof Socket ? stream.bytesWritten - waiting : 0;
    // What the computer took from us at once it may only have put aside, as it does with our own questions whether anybody is there.
    const isTaken = hasWaited && sent > takenBytes;
    if (received > receivedBytes || isTaken || now - lookedAt > everyMs * 3) movedAt = now;
    receivedBytes = received;
    takenBytes = sent;
    hasWaited = waiting > 0;
    lookedAt = now;
    if (now - movedAt > silenceMs)
      dead(`nothing was heard of the machine for ${Math.round(silenceMs / 1000)} s`);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
