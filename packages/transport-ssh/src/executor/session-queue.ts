import { setTimeout as sleep } from "node:timers/promises";
import type { CommandChannel, Connection } from "./connection.ts";
import { connectionLostError } from "./connection-lost.ts";

export interface SshExecutorOptions {
  /** At most, the first one counted. */
  readonly connections: number;
  /** Logs in once more; undefined when that is not possible now. */
  readonly logInAgain: (signal: AbortSignal) => Promise<Connection | undefined>;
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
const initialSessionLimit = 8;
/** A command that waits longer than that is worth another login. */
const newLoginAfterMs = 1_000;
/** How often a server that has no session left, though none is in use, is asked again: it may not have noticed yet. */
const maxFullAttempts = 20;

interface ConnectionSlot {
  readonly connection: Connection;
  limit: number;
  used: number;
}

export function createSessionQueue(
  first: Connection,
  { connections, logInAgain: another }: SshExecutorOptions,
) {
  const slots: ConnectionSlot[] = [{ connection: first, limit: initialSessionLimit, used: 0 }];
  const waiting = new Set<() => void>();
  const closing = new AbortController();
  let noLoginUntil = 0;
  let loggingIn: Promise<void> | undefined;

  const wake = () => {
    for (const proceed of [...waiting]) proceed();
  };
  first.onEnd(wake);

  const addSlot = async () => {
    const connection = await another(closing.signal).catch(() => undefined);
    // Who is not let in twice need not be asked all the time.
    if (connection === undefined) noLoginUntil = performance.now() + 30_000;
    else if (closing.signal.aborted) await connection.close();
    else {
      slots.push({ connection, limit: initialSessionLimit, used: 0 });
      connection.onEnd(wake);
    }
    loggingIn = undefined;
    wake();
  };

  const findFreeSlot = async (signal: AbortSignal | undefined): Promise<ConnectionSlot> => {
    const startedAt = performance.now();
    while (true) {
      signal?.throwIfAborted();
      if (first.endReason !== undefined) throw connectionLostError(first.endReason);
      const alive = slots.filter(({ connection }) => connection.endReason === undefined);
      const slot = alive.find(({ limit, used }) => used < limit);
      if (slot !== undefined) return slot;
      const waitedMs = performance.now() - startedAt;
      const canLogIn = alive.length < connections && performance.now() > noLoginUntil;
      if (waitedMs >= newLoginAfterMs && canLogIn) loggingIn ??= addSlot();
      await waitForTurn(waiting, signal, waitedMs >= newLoginAfterMs ? 5_000 : newLoginAfterMs - waitedMs);
    }
  };

  return {
    /** Hands the session over at once: the command may have said and ended all in the very bytes that said that it began. */
    async open<T>(
      command: string,
      signal: AbortSignal | undefined,
      begin: (session: OpenSession) => T,
    ): Promise<T> {
      for (let fullAttempts = 0; ; ) {
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
          const { endReason: cut } = slot.connection;
          if (cut !== undefined) throw connectionLostError(cut, error);
          if (!isOutOfSessions(error)) throw connectionLostError((error as Error).message, error);
          if (slot.used > 0) slot.limit = Math.max(1, Math.min(slot.limit, slot.used));
          else {
            fullAttempts += 1;
            if (fullAttempts > maxFullAttempts)
              throw connectionLostError("it has no session left for a command", error);
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
function waitForTurn(waiting: Set<() => void>, signal: AbortSignal | undefined, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const proceed = () => {
      waiting.delete(proceed);
      clearTimeout(timer);
      signal?.removeEventListener("abort", proceed);
      resolve();
    };
    const timer = setTimeout(proceed, ms);
    waiting.add(proceed);
    signal?.addEventListener("abort", proceed, { once: true });
  });
}

/** OpenSSH refuses a session too many with reason 2 (connect failed); others say 4 (resource shortage) or 1 (prohibited). */
function isOutOfSessions(error: unknown): boolean {
  const { reason } = error as { reason?: unknown };
  return reason === 1 || reason === 2 || reason === 4;
}
