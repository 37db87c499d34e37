import { setTimeout as sleep } from "node:timers/promises";
import type { CommandChannel, Connection } from "./connection.ts";
import { connectionLost } from "./connection-lost.ts";

export interface SshExecutorOptions {
  /** At most, the first one counted. */
  readonly connections: number;
  /** Logs in once more; undefined when that is not possible now. */
  readonly another: (signal: AbortSignal) => Promise<Connection | undefined>;
  /** See `Executor.loginNeedsPerson`. */
  readonly loginNeedsPerson?: string | undefined;
}

/** A channel on which a command runs. */
export interface OpenSession {
  readonly channel: CommandChannel;
  readonly connection: Connection;
  /** To be called once the server has closed the channel. */
  release(): void;
}

/** Servers allow ten by default. Some of them may be used by others on the same connection. */
const firstLimit = 8;
/** A command that waits longer than that is worth another login. */
const queuePatienceMs = 1_000;
/** How often a server that has no session left, though none is in use, is asked again: it may not have noticed yet. */
const fullTries = 20;

interface ConnectionSlot {
  readonly connection: Connection;
  limit: number;
  used: number;
}

export function sessionQueue(first: Connection, { connections, another }: SshExecutorOptions) {
  const slots: ConnectionSlot[] = [{ connection: first, limit: firstLimit, used: 0 }];
  const waiting = new Set<() => void>();
  const closing = new AbortController();
  let logsInUntil = 0;
  let loggingIn: Promise<void> | undefined;

  const wake = () => {
    for (const go of [...waiting]) go();
  };
  first.onOver(wake);

  const addSlot = async () => {
    const connection = await another(closing.signal).catch(() => undefined);
    // Who is not let in twice need not be asked all the time.
    if (connection === undefined) logsInUntil = performance.now() + 30_000;
    else if (closing.signal.aborted) await connection.close();
    else {
      slots.push({ connection, limit: firstLimit, used: 0 });
      connection.onOver(wake);
    }
    loggingIn = undefined;
    wake();
  };

  const findFreeSlot = async (signal: AbortSignal | undefined): Promise<ConnectionSlot> => {
    const since = performance.now();
    while (true) {
      signal?.throwIfAborted();
      if (first.cut !== undefined) throw connectionLost(first.cut);
      const alive = slots.filter(({ connection }) => connection.cut === undefined);
      const slot = alive.find(({ limit, used }) => used < limit);
      if (slot !== undefined) return slot;
      const waitedMs = performance.now() - since;
      const mayLogIn = alive.length < connections && performance.now() > logsInUntil;
      if (waitedMs >= queuePatienceMs && mayLogIn) loggingIn ??= addSlot();
      await turn(waiting, signal, waitedMs >= queuePatienceMs ? 5_000 : queuePatienceMs - waitedMs);
    }
  };

  return {
    /** Hands the session over at once: the command may have said and ended all in the very bytes that said that it began. */
    async open<T>(
      command: string,
      signal: AbortSignal | undefined,
      begin: (session: OpenSession) => T,
    ): Promise<T> {
      for (let tries = 0; ; ) {
        const slot = await findFreeSlot(signal);
        slot.used += 1;
        const release = () => {
          slot.used -= 1;
          wake();
        };
        try {
          const { connection } = slot;
          return await connection.exec(command, (channel) => begin({ channel, connection, release }));
        } catch (error) {
          release();
          const { cut } = slot.connection;
          if (cut !== undefined) throw connectionLost(cut, error);
          if (!isFull(error)) throw connectionLost((error as Error).message, error);
          if (slot.used > 0) slot.limit = Math.max(1, Math.min(slot.limit, slot.used));
          else {
            tries += 1;
            if (tries > fullTries) throw connectionLost("it has no session left for a command", error);
            await sleep(100);
          }
        }
      }
    },
    async close() {
      closing.abort();
      await Promise.all(slots.map(({ connection }) => connection.close()));
      await loggingIn;
    },
  };
}

/** Until somebody calls, the time is over, or the signal ends. */
function turn(waiting: Set<() => void>, signal: AbortSignal | undefined, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      waiting.delete(go);
      clearTimeout(timer);
      signal?.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    waiting.add(go);
    signal?.addEventListener("abort", go, { once: true });
  });
}

/** OpenSSH refuses a session too many with reason 2 (connect failed); others say 4 (resource shortage) or 1 (prohibited). */
function isFull(error: unknown): boolean {
  const { reason } = error as { reason?: unknown };
  return reason === 1 || reason === 2 || reason === 4;
}
