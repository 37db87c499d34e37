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

/** A connection to a machine that belongs to no run. */
export interface ConnectedMachine {
  readonly machine: Machine;
  /** How long connecting took. */
  readonly connectedAfterSeconds: number;
  /** Calls a method of the session with a time limit. */
  call<T>(method: string, call: (session: Session, context: CallContext) => Promise<T>): Promise<T>;
}

/**
 * Connects to a borrowed machine, passes the connection to `use` and closes it afterwards. It retries for 15 seconds, because the
 * machine may just be booting. `use` gets the reason if no connection was possible.
 */
export async function withMachine<T>(
  assembly: MachineAssembly,
  signal: AbortSignal | undefined,
  use: (connected: ConnectedMachine | NotReady) => Promise<T>,
): Promise<T> {
  const { provider, boundary } = assembly;
  // The provider is protected, and so is the transport that it creates.
  const transport = assembly.transport ?? provider.defaultTransport?.();
  if (transport === undefined)
    throw new UnitrainError(
      "TRANSPORT_MISMATCH",
      `Cannot connect to the machine of "${provider.name}": the provider has no default transport.`,
      { hint: `Pass a transport that supports "${provider.connectionKind}" machines.` },
    );
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
      throw new UnitrainError(
        "NOT_READY",
        `Cannot connect to the machine of "${provider.name}": it is ${state.state}.`,
        { hint: "Try again once the machine is running." },
      );
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
      // Not `await using`, because Node 22 cannot parse it.
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
