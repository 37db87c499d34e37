import { join } from "node:path";
import type { Assembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import type { CallContext, Provider, Transport } from "../spec/index.ts";

const timeoutMs = 15_000;

/** Returns the transport's description of the connection to a borrowed machine; undefined if it cannot describe it. */
export async function describeConnection(
  { boundary, home }: Assembly,
  { provider, transport }: { readonly provider: Provider; readonly transport: Transport },
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (provider.ownership !== "borrowed" || transport.describeConnection === undefined) return undefined;
  const call = (method: string) => ({ phase: "plan" as const, adapter: method, timeoutMs, signal });
  const ofPlan = { runId: "plan", leaseId: "plan", folder: join(home, "plan") };
  try {
    const state = await callAdapter(
      boundary,
      call(`${provider.name}.getMachineState`),
      (context: CallContext) => provider.getMachineState([], { ...context, ...ofPlan }),
    );
    if (state.state !== "running") return undefined;
    return await callAdapter(boundary, call(`${transport.name}.describeConnection`), (context: CallContext) =>
      transport.describeConnection?.(state.machine, context),
    );
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
