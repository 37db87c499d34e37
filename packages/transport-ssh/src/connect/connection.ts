import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import type { Connection } from "../executor/connection.ts";
import { createCommandChannel } from "./ssh2-channel.ts";

/** A connection of ssh2, which can also forward bytes to a machine behind it. */
export interface Ssh2Connection extends Connection {
  readonly client: Client;
}

const closeTimeoutMs = 1_000;

export function openConnection(client: Client, stream: Duplex, silenceMs: number): Ssh2Connection {
  let endReason: string | undefined;
  const listeners = new Set<(reason: string) => void>();
  const end = (reason: string) => {
    endReason ??= reason;
    stopWatching();
    for (const listener of [...listeners]) listener(endReason);
    listeners.clear();
  };
  const onOver = (listener: (reason: string) => void) => {
    if (endReason === undefined) listeners.add(listener);
    else listener(endReason);
    return () => void listeners.delete(listener);
  };
  // Before the listeners of ssh2, which ends its channels as if their commands had ended.
  stream.prependListener("end", () => end("the machine closed the connection"));
  stream.prependListener("error", (error) => end(error.message));
  stream.prependListener("close", () => end("the connection was cut"));
  client.on("error", (error) => end(error.message));
  const stopWatching = watchForSilence(stream, silenceMs, (reason) => {
    end(reason);
    stream.destroy();
  });
  if (stream.destroyed) end("the connection was cut");
  return {
    client,
    stream,
    exec: (command, begin) =>
      execute(client, command, onOver, (channel) => begin(createCommandChannel(client, channel))),
    get endReason() {
      return endReason;
    },
    onEnd: onOver,
    async close() {
      end("we closed it");
      if (stream.destroyed) return;
      // A channel through another machine emits no `close` when it is destroyed.
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, closeTimeoutMs);
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

function execute<T>(
  client: Client,
  command: string,
  onOver: Connection["onEnd"],
  begin: (channel: ClientChannel) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = onOver((reason) => reject(new Error(reason)));
    try {
      // Throws, and never calls back, when the client is not connected.
      client.exec(command, (error, channel) => {
        stopListening();
        if (error) reject(error);
        else resolve(begin(channel));
      });
    } catch (error) {
      stopListening();
      reject(error);
    }
  });
}

/**
 * Calls `onDead` when no byte has moved in either direction for `silenceMs`. Bytes count, not answers, because an answer may wait
 * behind a slow upload. Time in which this computer slept does not count.
 */
function watchForSilence(stream: Duplex, silenceMs: number, onDead: (reason: string) => void): () => void {
  let totalReceivedBytes = 0;
  stream.on("data", (chunk: Buffer) => {
    totalReceivedBytes += chunk.length;
  });
  const everyMs = silenceMs / 10;
  let lastReceivedBytes = 0;
  let lastSentBytes = 0;
  let hadWaiting = false;
  let movedAt = performance.now();
  let checkedAt = movedAt;
  const timer = setInterval(() => {
    const now = performance.now();
    const waitingBytes = stream instanceof Socket ? stream.writableLength : 0;
    const sentBytes = stream instanceof Socket ? stream.bytesWritten - waitingBytes : 0;
    // Bytes that the system accepted at once may only be in its buffer, as with keepalives; only a shrinking queue proves progress.
    const hasSentMore = hadWaiting && sentBytes > lastSentBytes;
    if (totalReceivedBytes > lastReceivedBytes || hasSentMore || now - checkedAt > everyMs * 3) movedAt = now;
    lastReceivedBytes = totalReceivedBytes;
    lastSentBytes = sentBytes;
    hadWaiting = waitingBytes > 0;
    checkedAt = now;
    if (now - movedAt > silenceMs) onDead(`the machine sent nothing for ${Math.round(silenceMs / 1000)} s`);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
