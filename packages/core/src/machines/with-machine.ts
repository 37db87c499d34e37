import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MachineAssembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import {
  type CallContext,
  type Machine,
  type NotReady,
  type RunContext,
  type Session,
  UnitrainError,
} from "../spec/index.ts";

const patienceMs = 15_000;
const retryAfterMs = 1_000;
const callTimeoutMs = 60_000;

/** A machine that is connected to outside of any run. */
export interface ConnectedMachine {
  readonly machine: Machine;
  readonly connectedAfterSeconds: number;
  /** Calls the session; each call has a limit of time of its own. */
  call<T>(method: string, call: (session: Session, context: CallContext) => Promise<T>): Promise<T>;
}

/**
 * Connects to a machine that is not rented, and passes the connection to `use`. Tries for a moment, so that a machine that
 * is just starting is not taken for one that is not there.
 */
export async function withMachine<T>(
  assembly: MachineAssembly,
  signal: AbortSignal | undefined,
  use: (connected: ConnectedMachine | NotReady) => Promise<T>,
): Promise<T> {
  const { provider, boundary } = assembly;
  const transport = assembly.transport ?? provider.defaultTransport?.();
  if (transport === undefined)
    throw new UnitrainError("TRANSPORT_MISMATCH", `Nothing here reaches "${provider.name}".`);
  const folder = await mkdtemp(join(tmpdir(), "unitrain-machine-"));
  const callBounded = <R>(adapter: string, call: (context: RunContext) => Promise<R>) =>
    callAdapter(boundary, { phase: "connect", adapter, timeoutMs: callTimeoutMs, signal }, (context) =>
      call({ ...context, runId: "inspect", leaseId: "inspect", folder }),
    );
  try {
    await callBounded(`${provider.name}.quote`, (context) => provider.quote({ diskBytes: 0 }, context));
    const state = await callBounded(`${provider.name}.getMachineState`, (context) =>
      provider.getMachineState([], context),
    );
    if (state.state !== "running")
      throw new UnitrainError("NOT_READY", `The machine of "${provider.name}" is ${state.state}.`);
    const { machine } = state;
    const startedAtMs = boundary.clock.now();
    const connect = () =>
      callBounded(`${transport.name}.connect`, (context) => transport.connect(machine, context));
    const answer = await waitUntilConnected(assembly, connect, signal);
    if ("ready" in answer) return await use(answer);
    try {
      return await use({
        machine,
        connectedAfterSeconds: (boundary.clock.now() - startedAtMs) / 1000,
        call: (method, call) =>
          callBounded(`${transport.name}.${method}`, (context) => call(answer, context)),
      });
    } finally {
      // Not `await using`, which Node 22 cannot read from source.
      await answer[Symbol.asyncDispose]();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function waitUntilConnected(
  { boundary: { clock, showStatus } }: MachineAssembly,
  connect: () => Promise<Session | NotReady>,
  signal: AbortSignal | undefined,
): Promise<Session | NotReady> {
  const startedAtMs = clock.now();
  let shown = "";
  for (;;) {
    const answer = await connect();
    if (!("ready" in answer) || answer.final === true) return answer;
    if (clock.now() - startedAtMs > patienceMs) return answer;
    const reason = `${answer.step}: ${answer.reason}`;
    if (reason !== shown) showStatus("connect", reason);
    shown = reason;
    await clock.wait(retryAfterMs, signal);
  }
}
