import { setTimeout as sleep } from "node:timers/promises";
import type { CommandChannel, Connection } from "./connection.ts";
import { connectionLostError } from "./connection-lost.ts";

export interface SshExecutorOptions {
  /** The most connections, including the first. */
  readonly connections: number;
  /** Opens another connection; undefined when that is not possible now. */
  readonly logInAgain: (signal: AbortSignal) => Promise<Connection | undefined>;
  /** See `Executor.loginNeedsPerson`. */
  readonly loginNeedsPerson?: string | undefined;
}

/** A channel on which a command runs. */
export interface OpenSession {
  readonly channel: CommandChannel;
  readonly connection: Connection;
  /** Must be called once the server has closed the channel. */
  release(): void;
}

/** Sessions per connection to begin with: servers allow ten by default, of which others may use some. */
const initialSessionLimit = 8;
/** Another connection is opened for a command that waits longer than this. */
const newLoginAfterMs = 1_000;
/** How often to ask again when the server has no session although we use none: it may not have freed them yet. */
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
    // After a failed login, do not try again for a while.
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
    /** Opens a session. Calls `begin` synchronously, because the packet that opens it may contain all the output of the command. */
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
              throw connectionLostError("the server has no free session for a command", error);
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

/** Resolves when it is woken, after `ms`, or when the signal is aborted. */
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

/** Whether the server refused a session because of its limit: OpenSSH uses reason 2 (connect failed), others 4 (resource shortage) or 1 (prohibited). */
function isOutOfSessions(error: unknown): boolean {
  const { reason } = error as { reason?: unknown };
  return reason === 1 || reason === 2 || reason === 4;
}
