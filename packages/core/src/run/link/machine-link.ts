import { callAdapter } from "../../adapters/boundary.ts";
import type { LedgerReader } from "../../journal/recorder.ts";
import { emit } from "../../journal/reporter.ts";
import { type ErrorCode, type Phase, type Plan, type Session, UnitrainError } from "../../spec/index.ts";
import type { RunSignals } from "../signals.ts";
import { type ConnectedMachine, type ConnectingRun, connectMachine } from "./connect-machine.ts";
import type { MachineLink } from "./link.ts";

/** What it takes to keep a connection to a run's machine. */
export type LinkedRun = ConnectingRun &
  LedgerReader &
  Pick<RunSignals, "stopSignal"> & { readonly plan: Pick<Plan, "name"> };

interface ConnectionRequest {
  /** How long to try to connect. Undefined for the first connection, which waits for the machine to boot. */
  readonly patienceMs: number | undefined;
  readonly signal: AbortSignal;
  readonly phase: Phase;
}

/** A connection that is being opened or is open. An attempt to open it is abandoned when no call waits for it any more. */
interface Opening {
  readonly connected: Promise<ConnectedMachine>;
  readonly startedBy: ConnectionRequest;
  readonly abortController: AbortController;
  waiters: number;
  isSettled: boolean;
  session?: Session;
}

const reconnectPatienceMs = 5 * 60_000;
const betweenTriesMs = 2_000;
/** Transient errors of a reachable machine: a process that did not start, a disk that did not respond, a fault of an adapter. */
const transientErrors: ReadonlySet<ErrorCode> = new Set(["REMOTE_COMMAND", "FETCH_FAILED", "ADAPTER_FAILED"]);

/** Creates the run's connection. `scope` is a function because the run and its link refer to each other. */
export function createMachineLink(scope: () => LinkedRun): MachineLink {
  let opening: Opening | undefined;
  let isClosed = false;

  let hasWarned = false;
  const warnIfLoginNeedsPerson = async ({ loginNeedsPerson }: Session) => {
    if (loginNeedsPerson === undefined || hasWarned) return;
    hasWarned = true;
    await emit(scope(), {
      type: "warning",
      phase: "connect",
      ...createPersonWarning(scope(), loginNeedsPerson),
    });
  };

  const begin = (request: ConnectionRequest, patienceMs: number | undefined): Opening => {
    const abortController = new AbortController();
    const { phase } = request;
    const connected = connectMachine(scope(), { patienceMs, phase, signal: abortController.signal });
    const begun: Opening = { connected, startedBy: request, abortController, waiters: 0, isSettled: false };
    connected.then(
      ({ session }) => {
        Object.assign(begun, { isSettled: true, session });
        void warnIfLoginNeedsPerson(session);
        // The connection opened after it had been abandoned.
        if (opening !== begun) void dispose(scope(), session);
      },
      () => {
        begun.isSettled = true;
        if (opening === begun) opening = undefined;
      },
    );
    return begun;
  };

  const abandon = (abandoned: Opening, reason: unknown) => {
    if (abandoned.isSettled) return;
    if (opening === abandoned) opening = undefined;
    abandoned.abortController.abort(reason);
  };

  /** Returns the open connection. Calls share one attempt to connect, but each waits with its own signal and its own time limit. */
  const connected = async (request: ConnectionRequest): Promise<ConnectedMachine> => {
    const { clock } = scope();
    if (isClosed) throw createLinkClosedError();
    const start = clock.now();
    while (true) {
      const waitedMs = clock.now() - start;
      opening ??= begin(
        request,
        request.patienceMs === undefined ? undefined : request.patienceMs - waitedMs,
      );
      const current = opening;
      current.waiters += 1;
      try {
        return await untilAborted(current.connected, request.signal);
      } catch (error) {
        request.signal.throwIfAborted();
        const hasOthersPatienceEnded =
          current.startedBy !== request && UnitrainError.isInstance(error) && error.retryable;
        if (!hasOthersPatienceEnded || (request.patienceMs ?? 0) <= clock.now() - start) throw error;
      } finally {
        current.waiters -= 1;
        if (current.waiters === 0 && request.signal.aborted) abandon(current, request.signal.reason);
      }
    }
  };

  const drop = async (lost: Session): Promise<boolean> => {
    if (opening?.session !== lost) return false;
    opening = undefined;
    await dispose(scope(), lost);
    return true;
  };

  return {
    open: async (signal) => (await connected({ patienceMs: undefined, signal, phase: "connect" })).machine,
    async use(call, method) {
      const run = scope();
      const signal = call.signal ?? run.stopSignal;
      const { phase, patienceMs = reconnectPatienceMs } = call;
      let wasLost = false;
      let triesLeft = call.tries ?? 1;
      while (true) {
        const { session } = await connected({ patienceMs, signal, phase });
        if (wasLost) await run.events.emit({ type: "connection", state: "back", detail: "connected again" });
        try {
          const adapter = `${run.transport.name}.${call.method}`;
          return await callAdapter(run.boundary, { ...call, adapter, signal }, (context) =>
            method(session, context),
          );
        } catch (error) {
          if (!UnitrainError.isInstance(error) || signal.aborted) throw error;
          if (transientErrors.has(error.code) && triesLeft > 1) {
            triesLeft -= 1;
            await run.clock.wait(betweenTriesMs, signal);
            continue;
          }
          if (error.code !== "CONNECTION_LOST") throw error;
          wasLost = await drop(session);
          if (wasLost) await run.events.emit({ type: "connection", state: "lost", detail: error.message });
          // The pause limits the rate of attempts when every new connection is dropped at once.
          await run.clock.wait(250, signal);
        }
      }
    },
    async close() {
      const current = opening;
      opening = undefined;
      // A download for another process must not reconnect to a machine that is being released.
      isClosed = true;
      current?.abortController.abort(createLinkClosedError());
      if (current?.session !== undefined) await dispose(scope(), current.session);
    },
  };
}

/** Creates the warning that logging in needs a person. It is shown on the first connection, before the user can detach. */
function createPersonWarning({ plan, ledger }: Pick<LinkedRun, "plan" | "ledger">, person: string) {
  const limit =
    ledger.state.deadline === undefined
      ? ""
      : " The run's limit is enforced only while a process is connected, because a guardian cannot log in.";
  return {
    message: `This login needs a person (${person}): unitrain cannot log in again by itself after the connection is lost or you detach.${limit}`,
    hint: "The training continues meanwhile. To log in again and download the model, attach at a terminal.",
    action: { type: "attach" as const, run: plan.name },
  };
}

function createLinkClosedError(): UnitrainError {
  return new UnitrainError("CANCELLED", "The run has closed the connection to its machine.");
}

/** Waits with a signal of its own for something that others wait for too. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A session that does not close within its time is left to itself. */
async function dispose(run: Pick<LinkedRun, "transport" | "boundary">, session: Session): Promise<void> {
  const adapter = `${run.transport.name}.close`;
  await callAdapter(run.boundary, { phase: "teardown", adapter, timeoutMs: 5_000 }, async () => {
    await session[Symbol.asyncDispose]();
  }).catch(() => {});
}
