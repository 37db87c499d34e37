import type { MachineAssembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import type { ProtectedAdapter } from "../adapters/protect.ts";
import type { Inspection } from "../api/machine-calls.ts";
import type { CallContext, Framework } from "../spec/index.ts";
import { listStored } from "./list-stored.ts";
import { withMachine } from "./with-machine.ts";

const callTimeoutMs = 60_000;

/** Connects to the machine and reads what it has. If the machine would have to be rented, reads only the offer. */
export async function inspectMachine(
  assembly: MachineAssembly,
  framework: ProtectedAdapter<Framework> | undefined,
  signal?: AbortSignal,
): Promise<Inspection> {
  const { provider, sanitizer } = assembly;
  if (provider.ownership === "rented") return sanitizer.maskValue(await inspectOffer(assembly, signal));
  return withMachine(assembly, signal, async (connected): Promise<Inspection> => {
    if ("ready" in connected) return sanitizer.maskValue({ state: "unreachable", answer: connected });
    const { machine, connectedAfterSeconds } = connected;
    const facts = await connected.call("facts", (session, context) => session.facts(context));
    // The machine can be used even if its stored items cannot be listed.
    const stored = await listStored(connected, facts, []).then(
      (items) => ({ items }),
      (error: unknown) => ({ problem: sanitizer.maskError(error).message }),
    );
    const room = framework?.environment(facts).room;
    return sanitizer.maskValue({
      state: "connected",
      machine,
      connectedAfterSeconds,
      facts,
      ...(room === undefined ? {} : { environmentRoom: room }),
      stored,
    });
  });
}

async function inspectOffer(
  { provider, boundary }: MachineAssembly,
  signal: AbortSignal | undefined,
): Promise<Inspection> {
  const callProvider = <T>(method: string, call: (context: CallContext) => Promise<T>) =>
    callAdapter(
      boundary,
      { phase: "plan", adapter: `${provider.name}.${method}`, timeoutMs: callTimeoutMs, signal },
      call,
    );
  const quote = await callProvider("quote", (context) => provider.quote({ diskBytes: 0 }, context));
  const offers = await callProvider("offers", async (context) => (await provider.offers?.(context)) ?? []);
  return { state: "for-rent", quote, offers };
}
