import { callAdapter } from "../adapter/border.ts";
import { type CallContext, type Phase, type Session, UnitrainError } from "../spec/index.ts";
import { reachMachine } from "./reach-machine.ts";
import type { RunScope } from "./scope.ts";

/** How a call over the link is made. */
export interface LinkCall {
  readonly phase: Phase;
  /** The session's method, for errors. */
  readonly method: string;
  readonly timeoutMs: number;
  /** Ends the call; by default when the run is unwanted. */
  readonly signal?: AbortSignal;
  /** How long a lost machine is tried again. By default 5 minutes. */
  readonly patienceMs?: number;
}

/** The run's one connection. Whoever uses it need not know that it was lost in between. */
export interface MachineLink {
  /** Makes the first connection. */
  open(signal: AbortSignal): Promise<Session>;
  /** Calls over the session; when the connection is lost it is made anew, and the call repeated. */
  use<T>(call: LinkCall, method: (session: Session, context: CallContext) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const reconnectPatienceMs = 5 * 60_000;

/** `scope` is asked late: link and scope know each other. */
export function createMachineLink(scope: () => RunScope): MachineLink {
  let opening: Promise<Session> | undefined;

  const session = (patienceMs: number | undefined, signal: AbortSignal, phase: Phase): Promise<Session> => {
    opening ??= reachMachine(scope(), { patienceMs, signal, phase }).catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  const drop = async (lost: Session): Promise<boolean> => {
    const mine = (await opening?.catch(() => undefined)) === lost;
    if (mine) {
      opening = undefined;
      await dispose(scope(), lost);
    }
    return mine;
  };

  return {
    open: (signal) => session(undefined, signal, "connect"),
    async use(call, method) {
      const run = scope();
      const signal = call.signal ?? run.unwanted;
      let lostOnce = false;
      while (true) {
        const current = await session(call.patienceMs ?? reconnectPatienceMs, signal, call.phase);
        if (lostOnce) await run.events.emit({ type: "connection", state: "back", detail: "connected again" });
        try {
          const adapter = `${run.transport.name}.${call.method}`;
          return await callAdapter(run.assembly.border, { ...call, adapter, signal }, (context) =>
            method(current, context),
          );
        } catch (error) {
          if (!UnitrainError.isInstance(error) || error.code !== "CONNECTION_LOST" || signal.aborted)
            throw error;
          lostOnce = await drop(current);
          if (lostOnce) await run.events.emit({ type: "connection", state: "lost", detail: error.message });
          // Whoever cuts every connection at once must not be asked a thousand times a second.
          await run.clock.wait(250, signal);
        }
      }
    },
    async close() {
      const current = await opening?.catch(() => undefined);
      opening = undefined;
      if (current !== undefined) await dispose(scope(), current);
    },
  };
}

/** A session that does not close within its time is left to itself. */
async function dispose(run: RunScope, session: Session): Promise<void> {
  const adapter = `${run.transport.name}.close`;
  await callAdapter(run.assembly.border, { phase: "teardown", adapter, timeoutMs: 5_000 }, async () => {
    await session[Symbol.asyncDispose]();
  }).catch(() => {});
}
